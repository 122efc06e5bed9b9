import type { Client } from '#lib/auth/client.ts';
import type { Database } from '../database.ts';
import { m } from '#lib/paraglide/messages.js';

export type Lead = Database['public']['Tables']['leads']['Row'];

/** What a person says of a lead; what is left out stays. */
export interface LeadWords {
	title?: string;
	temperature?: string;
	value?: number | null;
	reason?: string;
	status?: string;
}

export const temperatures = ['hot', 'warm', 'cold'] as const;

/** How warm a lead is, in the person's language. */
export const temperatureName = (temperature: string): string =>
	temperature === 'hot' ? m.bot_hot() : temperature === 'warm' ? m.bot_warm() : m.bot_cold();

export const temperatureTone = (temperature: string) =>
	temperature === 'hot' ? 'red' : temperature === 'warm' ? 'amber' : 'blue';

/** Who noted a lead. */
export const sourceName = (source: string): string =>
	source === 'flow' ? m.lead_by_flow() : source === 'ai' ? m.lead_by_ai() : m.lead_by_agent();

/** A person's leads, the newest first; as many as a panel holds. */
export async function leadsOf(client: Client, tenantId: string, contactId: string): Promise<Lead[]> {
	const { data } = await client
		.from('leads')
		.select('*')
		.eq('tenant_id', tenantId)
		.eq('contact_id', contactId)
		.order('created_at', { ascending: false })
		.limit(20)
		.throwOnError();
	return data;
}

/** Notes a lead in a conversation, or corrects one of its contact's. */
export async function saveLead(client: Client, conversationId: string, id: string | null, words: LeadWords) {
	// An id that is null makes one; generated types know no argument that may be null.
	const args = { conversation_id: conversationId, lead_id: id as string, lead: { ...words } };
	await client.rpc('save_lead', args).throwOnError();
}
