import type { Client } from '#lib/auth/client.ts';
import type { Row } from '../database.ts';
import { m } from '../paraglide/messages.js';

export type Consent = Row<'consents'>;
export type ConsentWord = Row<'consent_events'>;

/** What a person allows now, and every word they said of it, newest first. */
export interface Consents {
	now: Consent[];
	words: ConsentWord[];
}

export interface Said {
	purpose: Purpose;
	/** Null: every channel. */
	channelType: ConsentWord['channel_type'];
	state: State;
	note: string;
	/** The message it was said in. */
	evidence?: string;
}

export const purposes = ['marketing', 'service', 'survey'] as const;
export type Purpose = (typeof purposes)[number];
export const states = ['granted', 'denied', 'withdrawn'] as const;
export type State = (typeof states)[number];

const purposeNames: Record<Purpose, () => string> = {
	marketing: m.consent_marketing,
	service: m.consent_service,
	survey: m.consent_survey
};
const stateNames: Record<State, () => string> = {
	granted: m.consent_granted,
	denied: m.consent_denied,
	withdrawn: m.consent_withdrawn
};
const sources: Record<string, () => string> = {
	member: m.consent_by_member,
	message: m.consent_by_message,
	provider: m.consent_by_provider,
	form: m.consent_by_form,
	import: m.consent_by_import
};
const channels: Record<string, string> = { whatsapp: 'WhatsApp' };

export const purposeName = (purpose: string): string => purposeNames[purpose as Purpose]?.() ?? purpose;
export const stateName = (state: string): string => stateNames[state as State]?.() ?? state;
export const sourceName = (source: string): string => sources[source]?.() ?? source;
export const channelName = (type: string | null): string =>
	type === null ? m.consent_every_channel() : (channels[type] ?? type);

/** The newest words that are kept on the screen. */
const shownWords = 50;

export async function consentsOf(client: Client, tenantId: string, contactId: string): Promise<Consents> {
	const [now, words] = await Promise.all([
		client.from('consents').select().eq('tenant_id', tenantId).eq('contact_id', contactId).throwOnError(),
		client
			.from('consent_events')
			.select()
			.eq('tenant_id', tenantId)
			.eq('contact_id', contactId)
			.order('occurred_at', { ascending: false })
			.limit(shownWords)
			.throwOnError()
	]);
	return { now: now.data, words: words.data };
}

/** Writes down what a person allows. Throws what the database refuses. */
export async function recordConsent(client: Client, contactId: string, said: Said): Promise<void> {
	const { purpose, channelType, state, note, evidence } = said;
	const proof = evidence ? { evidence_message_id: evidence } : {};
	const args = { contact_id: contactId, purpose, channel_type: channelType, state, note, ...proof };
	await client.rpc('record_consent', args).throwOnError();
}
