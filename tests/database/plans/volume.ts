import postgres from 'postgres';
import { makePastPartitions } from '../../past_partitions.ts';
import type { Database } from '../database.ts';
import { uuid } from '../people.ts';

export const CONVERSATIONS = 100_000;
/** The bakery's share; the rest is the garage's. */
const BAKERY = 90_000;
/** One thread, of an agent's, that goes on for months. */
export const LONG_THREAD = uuid('padaria conversation 10');
export const LONG_LENGTH = 5_000;

/**
 * Loads 100,000 conversations of 100,000 contacts with 300,000 messages over eight months, as a busy company has them:
 * one in five open or put aside, of those a tenth nobody's, a tenth each agent's and the team's, the rest other people's. Triggers and
 * foreign keys are off meanwhile, so that it takes seconds.
 */
export async function loadVolume(database: Database): Promise<void> {
	const sql = postgres(database.url('supabase_admin'), { max: 1, onnotice: () => {} });
	try {
		await sql`set session_replication_role = replica`;
		await sql`set synchronous_commit = off`;
		await makePastPartitions(sql, 8);
		await sql`
			insert into public.contacts (id, tenant_id, name, phone)
			select md5(company || ' contact ' || n)::uuid, md5(company)::uuid, 'Cliente ' || n, '55119' || lpad(n::text, 8, '0')
			from generate_series(1, ${CONVERSATIONS}::integer) n
			cross join lateral (select case when n <= ${BAKERY} then 'padaria' else 'oficina' end) t (company)`;
		await sql`
			insert into public.conversations (
				id, tenant_id, contact_id, channel_id, assignee_id, team_id, status, closed_at, last_seq, unread_count,
				last_message_at, last_inbound_at, created_at, updated_at, waiting_since, sla_due_at, priority, snoozed_until, is_spam, tag_ids
			)
			select
				md5(company || ' conversation ' || n)::uuid, md5(company)::uuid, md5(company || ' contact ' || n)::uuid,
				md5(company || ' channel')::uuid,
				case
					when n / 5 % 10 in (0, 1) then null
					when n / 5 % 10 = 2 then md5(case company when 'padaria' then 'caio' else 'edu' end)::uuid
					when n / 5 % 10 = 3 then md5(case company when 'padaria' then 'duda' else 'gabi' end)::uuid
					else md5('agent ' || n % 20)::uuid
				end,
				case when n / 5 % 10 = 1 then md5(company || ' team')::uuid end,
				(case when n % 5 = 0 then 'open' else 'closed' end)::public.conversation_status,
				case when n % 5 <> 0 then at end,
				3, n % 3, at, at, at - interval '1 day', at,
				-- A third of the open ones wait, for a third of those somebody promised; a few are marked, a few put aside.
				case when n % 15 = 0 then at end, case when n % 45 = 0 then at + interval '1 hour' end,
				case when n % 65 = 0 then 1 + n / 65 % 4 else 0 end,
				case when n % 35 = 0 then 'infinity'::timestamptz end, n % 55 = 0,
				-- One tag on every third, one on a few of thousands.
				array(select md5(company || ' tag ' || every)::uuid from unnest('{3, 2000}'::integer[]) every where n / 5 % every = 0)
			from generate_series(1, ${CONVERSATIONS}::integer) n
			cross join lateral (select case when n <= ${BAKERY} then 'padaria' else 'oficina' end) t (company)
			-- Scattered, so that a table's order helps nobody.
			cross join lateral (select now() - make_interval(secs => n * 7919 % 7776000)) m (at)`;
		await sql`
			insert into public.messages (
				id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, status, client_id, sent_at, created_at
			)
			select
				md5(c.id::text || seq)::uuid, c.tenant_id, c.id, c.contact_id, c.channel_id, seq,
				(case seq % 2 when 1 then 'in' else 'out' end)::public.message_direction,
				(case seq % 2 when 1 then 'contact' else 'agent' end)::public.message_author,
				'text', jsonb_build_object('kind', 'text', 'text', 'Mensagem ' || seq), 'Mensagem ' || seq,
				(case seq % 2 when 1 then 'received' else 'read' end)::public.message_status,
				case seq % 2 when 0 then md5(c.id::text || seq)::uuid end, c.last_message_at, c.last_message_at
			from public.conversations c
			cross join generate_series(1, 3) seq`;
		await sql`
			insert into public.messages (
				tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, status, created_at
			)
			select c.tenant_id, c.id, c.contact_id, c.channel_id, seq, 'in', 'contact', 'text', '{}', 'Mensagem ' || seq, 'received',
				now() - make_interval(hours => ${LONG_LENGTH}::integer - seq)
			from public.conversations c
			cross join generate_series(4, ${LONG_LENGTH}::integer) seq
			where c.id = ${LONG_THREAD}`;
		await sql`update public.conversations set last_seq = ${LONG_LENGTH} where id = ${LONG_THREAD}`;
		await sql`
			insert into public.conversation_tags (tenant_id, tag_id, conversation_id, folder, last_message_at, team_id, assignee_id)
			select c.tenant_id, t.id, c.id, c.folder, c.last_message_at, c.team_id, c.assignee_id
			from public.conversations c
			cross join lateral unnest(c.tag_ids) t (id)`;
		await sql`select private.rebuild_inbox_counts(id) from public.tenants`;
		await sql`analyze`;
		await sql`vacuum public.conversations, public.conversation_tags`;
	} finally {
		await sql.end();
	}
}
