import type postgres from 'postgres';

/** The one thread that goes on for months, with so many messages. */
export const LONG_THREAD = { conversation: 30, messages: 5_000 };

/**
 * A company's messages over twelve months, oldest first, as they came. Words are drawn from 20,000 with the frequencies of
 * a language: the commonest stands in every fifth message, most in hardly any.
 */
export async function fillMessages(
	sql: postgres.TransactionSql,
	slug: string,
	{ conversations, messages }: { conversations: number; messages: number }
): Promise<void> {
	await sql`
		insert into public.messages (
			tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, client_id, status, sent_at, created_at
		)
		select
			md5(${slug})::uuid, md5(${slug} || ' conversation ' || n % ${conversations}::bigint + 1)::uuid,
			md5(${slug} || ' contact ' || n % ${conversations}::bigint + 1)::uuid, md5(${`${slug} channel`})::uuid, 1 + n / ${conversations}::bigint,
			(case when n % 2 = 0 then 'out' else 'in' end)::public.message_direction,
			(case when n % 2 = 0 then 'agent' else 'contact' end)::public.message_author, 'text', '{}', t.body,
			case when n % 2 = 0 then gen_random_uuid() end, (case when n % 2 = 0 then 'read' else 'received' end)::public.message_status, a.at, a.at
		from generate_series(1, ${messages}::bigint) n
		cross join lateral (select now() - interval '360 days' + interval '360 days' * (n::float8 / ${messages})) a (at)
		cross join lateral (
			select string_agg(
				case
					when w.k <= 12 then ('{bom,dia,obrigado,pedido,entrega,quero,valor,bolo,pão,hoje,promoção,endereço}'::text[])[w.k]
					else translate(substr(md5(w.k::text), 1, 5 + w.k % 5), '0123456789', 'aeiourstlm')
				end, ' '
			) || case when n % 50 = 0 then ' (11) 9' || 1000 + n % 8999 || '-' || 1000 + n * 7 % 8999 else '' end
			from (select 1 + floor(20000 * power(random(), 3))::integer + 0 * i from generate_series(1, (4 + n % 7)::integer) i) w (k)
		) t (body)`;
	await sql`
		insert into public.messages (tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, status, sent_at, created_at)
		select c.tenant_id, c.id, c.contact_id, c.channel_id, seq, 'in', 'contact', 'text', '{}', 'Mensagem ' || seq, 'received', a.at, a.at
		from public.conversations c
		cross join generate_series(21, ${LONG_THREAD.messages}::integer) seq
		cross join lateral (select now() - interval '1 hour' * (${LONG_THREAD.messages}::integer - seq)) a (at)
		where c.id = md5(${slug} || ' conversation ' || ${LONG_THREAD.conversation}::integer)::uuid`;
}
