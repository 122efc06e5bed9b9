import type { Client } from '#lib/auth/client.ts';
import { inboxRow } from '../inbox/queries.ts';
import type { InboxRow } from '../inbox/rows.ts';

/** The earlier parts of a conversation, the first first. */
export async function partsOf(client: Client, tenantId: string, conversationId: string): Promise<InboxRow[]> {
	const { data } = await client
		.from('conversations')
		.select(inboxRow)
		.eq('tenant_id', tenantId)
		.eq('merged_into_id', conversationId)
		.order('last_message_at')
		.overrideTypes<InboxRow[], { merge: false }>()
		.throwOnError();
	return data;
}

/** The other conversations of a contact that one may be merged with, newest first. */
export async function mergeable(client: Client, row: InboxRow): Promise<InboxRow[]> {
	const { data } = await client
		.from('conversations')
		.select(inboxRow)
		.eq('tenant_id', row.tenant_id)
		.eq('contact_id', row.contact_id)
		.neq('id', row.id)
		.is('merged_into_id', null)
		.is('is_history', false)
		.order('last_message_at', { ascending: false })
		.limit(20)
		.overrideTypes<InboxRow[], { merge: false }>()
		.throwOnError();
	return data;
}
