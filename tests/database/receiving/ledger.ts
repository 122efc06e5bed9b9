import type { Sql } from '../database.ts';

/**
 * Everything a company's rows say, without what may differ between two ways of arriving: ids, the order of arrival (seq),
 * our own clock, and which of two messages of one second the list shows. People are named by their identities, messages by
 * the provider's id.
 */
export async function ledgerOf(owner: Sql, tenantId: string): Promise<Record<string, unknown[]>> {
	const [row] = await owner<{ ledger: Record<string, unknown[]> }[]>`
		with person as (
			select
				c.*,
				(
					select jsonb_agg(i.kind || ' ' || i.value || ' at ' || i.address order by i.kind, i.value)
					from public.contact_identities i
					where i.contact_id = c.id
				) as who
			from public.contacts c
			where c.tenant_id = ${tenantId}
		),
		message as (
			select m.*, p.who, c.is_history
			from public.messages m
			join public.conversations c on c.id = m.conversation_id
			join person p on p.id = m.contact_id
			where m.tenant_id = ${tenantId}
		)
		select jsonb_build_object(
			'contacts', (
				select jsonb_agg(jsonb_build_array(who, name, name_at, username, phone, phone_at, marketing_opt_out, marketing_opt_out_at) order by who)
				from person
			),
			'conversations', (
				select jsonb_agg(
					jsonb_build_object(
						'who', p.who, 'status', c.status, 'is_history', c.is_history, 'last_seq', c.last_seq, 'read_seq', c.read_seq,
						'unread', c.unread_count, 'direction', c.preview_direction,
						'preview_at', c.preview_at, 'inbound', c.last_inbound_at, 'window', c.window_expires_at,
						'waiting', c.waiting_since is not null
					)
					order by p.who, c.is_history
				)
				from public.conversations c
				join person p on p.id = c.contact_id
			),
			'messages', (
				select jsonb_agg(
					jsonb_build_object(
						'id', external_id, 'who', who, 'is_history', is_history, 'direction', direction, 'author', author, 'kind', kind,
						'content', content, 'body', body, 'status', status, 'error', error, 'target', target_external_id,
						'sent_at', sent_at, 'edited_at', edited_at, 'revoked_at', revoked_at, 'counts_unread', counts_unread
					)
					order by external_id
				)
				from message
			),
			'events', (
				select jsonb_agg(jsonb_build_array(m.external_id, e.type, e.occurred_at, e.detail) order by m.external_id, e.type, e.occurred_at)
				from public.message_events e
				join message m on m.id = e.message_id
			),
			'waiting for their message', (
				select jsonb_agg(jsonb_build_array(e.external_id, e.event - 'phone_number_id' - 'waba_id') order by e.external_id, e.event::text)
				from private.early_events e
				join public.channels c on c.id = e.channel_id
				where c.tenant_id = ${tenantId}
			),
			'notices', (
				select jsonb_agg(jsonb_build_array(field, payload, occurred_at) order by field, payload::text, occurred_at)
				from public.channel_events
				where tenant_id = ${tenantId}
			),
			'costs', (
				select jsonb_agg(
					jsonb_build_array(m.external_id, c.category, c.pricing_type, c.country, c.market, c.free_reason, c.is_counted, c.amount, c.reason, c.occurred_at, c.charged_on, c.delivered_at)
					order by m.external_id
				)
				from public.charges c
				join message m on m.id = c.message_id
				where c.conversation_id = m.conversation_id
			),
			'failures', (
				select jsonb_agg(error order by error)
				from public.webhook_events
				where tenant_id = ${tenantId} and status = 'failed'
			)
		) as ledger`;
	return row?.ledger ?? {};
}

/** Breaches of what must hold within one conversation, however its messages came. */
export async function brokenThreads(owner: Sql, tenantId: string): Promise<unknown[]> {
	const rows = await owner`
		select c.id, c.last_seq, count(*) as messages, min(m.seq) as first, max(m.seq) as last,
			c.unread_count, count(*) filter (where m.counts_unread and m.seq > c.read_seq) as unread
		from public.conversations c
		left join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
		where c.tenant_id = ${tenantId}
		group by c.id
		having c.last_seq <> count(*)
			or c.last_seq <> max(m.seq)
			or min(m.seq) <> 1
			or count(distinct m.seq) <> count(*)
			or c.unread_count <> count(*) filter (where m.counts_unread and m.seq > c.read_seq)
			or bool_or(m.contact_id <> c.contact_id)`;
	return [...rows];
}
