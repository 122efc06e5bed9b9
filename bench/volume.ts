import type postgres from 'postgres';

export const CONVERSATIONS = 100_000;
export const MESSAGES = 2_000_000;

/**
 * Fills one tenant to the volume that the figures are promised for: 100,000 conversations, 2,000,000 messages over the months
 * that have partitions. Triggers are off while it runs: what is measured is reading.
 */
export async function fillTenant(sql: postgres.Sql, tenantId: string, agentIds: string[]): Promise<void> {
	const tables = ['contacts', 'conversations', 'messages'];
	for (const table of tables) await sql`alter table ${sql(`public.${table}`)} disable trigger user`;
	await sql`
		insert into public.contacts (id, tenant_id, name, phone)
		select md5('bench' || g)::uuid, ${tenantId}, 'Pessoa ' || g, '55119' || (70000000 + g)
		from generate_series(1, ${CONVERSATIONS}) g`;
	await sql`
		insert into public.conversations (
			id, tenant_id, contact_id, channel_id, assignee_id, status, closed_at, last_seq, read_seq, preview, preview_kind,
			preview_direction, preview_at, last_message_at, window_expires_at
		)
		select
			md5('bench conversation' || g)::uuid, ${tenantId}, md5('bench' || g)::uuid,
			(select id from public.channels where tenant_id = ${tenantId} limit 1),
			case when g % 3 > 0 then (${agentIds}::uuid[])[1 + g % ${agentIds.length}] end,
			(case when g % 5 = 0 then 'open' else 'closed' end)::public.conversation_status,
			case when g % 5 > 0 then now() end,
			${MESSAGES / CONVERSATIONS}, ${MESSAGES / CONVERSATIONS}, 'Obrigada!', 'text', 'in', now(),
			now() - g * interval '20 seconds', now()
		from generate_series(1, ${CONVERSATIONS}) g`;
	await sql`
		insert into public.messages (
			tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, external_id, status, created_at
		)
		select
			c.tenant_id, c.id, c.contact_id, c.channel_id, s,
			(case when s % 2 = 0 then 'out' else 'in' end)::public.message_direction,
			(case when s % 2 = 0 then 'agent' else 'contact' end)::public.message_author,
			'text', '{"kind": "text", "text": "Tem pão de queijo hoje?"}', 'Tem pão de queijo hoje?', 'wamid.' || c.id || s,
			(case when s % 2 = 0 then 'read' else 'received' end)::public.message_status,
			date_trunc('month', now()) + (s * 5) * interval '1 day'
		from public.conversations c
		cross join generate_series(1, ${MESSAGES / CONVERSATIONS}) s
		where c.tenant_id = ${tenantId} and c.last_seq = ${MESSAGES / CONVERSATIONS} and c.preview = 'Obrigada!'`;
	for (const table of tables) await sql`alter table ${sql(`public.${table}`)} enable trigger user`;
	for (const table of tables) await sql`vacuum (analyze) ${sql(`public.${table}`)}`;
}
