import type postgres from 'postgres';

export interface Load {
	channelId: string;
	/** Told apart from other loads by it; of letters and digits. */
	name: string;
	conversations: number;
	/** Messages of each. */
	each: number;
	lane?: 0 | 1;
}

/**
 * Queues many messages at once, as a campaign would: to people of their own, each with an open conversation. The bodies
 * number a conversation's messages from 1.
 */
export async function queueLoad(sql: postgres.Sql, { channelId, name, conversations, each, lane = 0 }: Load) {
	await sql.begin(async (tx) => {
		await tx`
			insert into public.contacts (id, tenant_id, name, phone)
			select md5(${name} || ' contact ' || n)::uuid, c.tenant_id, 'Cliente ' || n, '55117' || lpad((abs(hashtext(${name})) % 900 * 100000 + n)::text, 8, '0')
			from public.channels c
			cross join generate_series(1, ${conversations}::integer) n
			where c.id = ${channelId}`;
		await tx`
			insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
			select p.tenant_id, p.id, 'phone', p.phone, p.phone
			from public.contacts p
			where p.id in (select md5(${name} || ' contact ' || n)::uuid from generate_series(1, ${conversations}::integer) n)`;
		await tx`
			insert into public.conversations (id, tenant_id, contact_id, channel_id, last_seq, read_seq, window_expires_at)
			select md5(${name} || ' conversation ' || n)::uuid, c.tenant_id, md5(${name} || ' contact ' || n)::uuid, c.id, ${each}, ${each}, now() + interval '1 day'
			from public.channels c
			cross join generate_series(1, ${conversations}::integer) n
			where c.id = ${channelId}`;
		await tx`
			insert into public.messages (
				id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, client_id, status, lane
			)
			select
				md5(${name} || ' message ' || n || ' ' || seq)::uuid, c.tenant_id, md5(${name} || ' conversation ' || n)::uuid,
				md5(${name} || ' contact ' || n)::uuid, c.id, seq, 'out', 'system', 'text',
				jsonb_build_object('kind', 'text', 'text', seq::text), seq::text, md5(${name} || ' message ' || n || ' ' || seq)::uuid, 'queued', ${lane}
			from public.channels c
			cross join generate_series(1, ${conversations}::integer) n
			cross join generate_series(1, ${each}::integer) seq
			where c.id = ${channelId}`;
		await tx`
			insert into private.client_keys (tenant_id, client_id, message_id, created_at)
			select m.tenant_id, m.client_id, m.id, m.created_at
			from public.messages m
			where m.conversation_id in (select md5(${name} || ' conversation ' || n)::uuid from generate_series(1, ${conversations}::integer) n)`;
		await tx`
			select private.enqueue_sends(array(select md5(${name} || ' conversation ' || n)::uuid from generate_series(1, ${conversations}::integer) n))`;
	});
}
