import type postgres from 'postgres';
import { makePastPartitions } from '../tests/past_partitions.ts';
import { fillMessages } from './volume_messages.ts';

/** What is loaded for one company beside smaller ones. */
export interface Volume {
	tenantId: string;
	smallTenantId: string;
	conversations: number;
	messages: number;
	supervisorId: string;
	/** Some of the 500 agents, each in one team of twenty. */
	agentIds: string[];
	teamIds: string[];
	/** Tags from the commonest, on a third of all conversations, to the rarest, on one in some thousands. */
	tagIds: string[];
}

/** 1: 1,000,000 conversations and 20,000,000 messages, the better part of an hour to load. A tenth unless told otherwise. */
const scale = Number(process.env.BENCH_SCALE ?? '0.1');
const companies = ['volume', 'volume-1', 'volume-2', 'volume-3', 'volume-4', 'volume-5'];
const agents = 500;
const teams = 20;
const tags = 12;

/**
 * Loads the volume the figures are promised for, once a database; what an earlier call had not come to is loaded by the next. `sql` is
 * one connection of a superuser's, which stays: triggers and foreign keys are off on it meanwhile.
 */
export async function loadVolume(sql: postgres.Sql): Promise<Volume> {
	await fill(sql);
	const [row] = await sql<[Omit<Volume, 'conversations' | 'messages'>]>`
		select
			md5('volume')::uuid as "tenantId", md5('volume-1')::uuid as "smallTenantId", md5('volume agent 0')::uuid as "supervisorId",
			array(select md5('volume agent ' || n)::uuid from generate_series(1, 40) n) as "agentIds",
			array(select md5('volume team ' || n)::uuid from generate_series(0, ${teams - 1}::integer) n) as "teamIds",
			array(select md5('volume tag ' || n)::uuid from generate_series(1, ${tags}::integer) n) as "tagIds"`;
	return { ...row, conversations: 1_000_000 * scale, messages: 20_000_000 * scale };
}

async function fill(sql: postgres.Sql): Promise<void> {
	const begun = await sql`select from public.tenants where slug = ${companies[0] ?? ''}`;
	await sql`set session_replication_role = replica`;
	await sql`set synchronous_commit = off`;
	await sql`set maintenance_work_mem = '512MB'`;
	if (begun.length === 0) {
		await fillPeople(sql);
		await makePastPartitions(sql, 12);
	}
	let loaded = 0;
	for (const [index, slug] of companies.entries()) {
		const there = await sql`select from public.contacts where tenant_id = md5(${slug})::uuid limit 1`;
		if (there.length > 0) continue;
		const share = index === 0 ? scale : scale * 0.02;
		const size = { conversations: Math.round(1_000_000 * share), messages: Math.round(20_000_000 * share) };
		await sql.begin(async (company) => {
			await fillConversations(company, slug, size.conversations);
			await fillMessages(company, slug, size);
		});
		loaded++;
	}
	if (loaded > 0) {
		await sql`
			insert into public.conversation_tags (tenant_id, tag_id, conversation_id, folder, last_message_at, team_id, assignee_id)
			select c.tenant_id, t.id, c.id, c.folder, c.last_message_at, c.team_id, c.assignee_id
			from public.conversations c
			cross join lateral unnest(c.tag_ids) t (id)
			where c.tag_ids <> '{}'
			on conflict do nothing`;
		await sql`select private.rebuild_inbox_counts(id) from public.tenants`;
		await sql`vacuum (analyze) public.contacts, public.contact_identities, public.conversations, public.conversation_tags, public.messages, public.memberships`;
	}
	await sql`set session_replication_role = origin`;
}

async function fillPeople(sql: postgres.Sql): Promise<void> {
	for (const [index, slug] of companies.entries()) {
		await sql`insert into public.tenants (id, name, slug) values (md5(${slug})::uuid, ${slug}, ${slug})`;
		await sql`
			insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
			values (md5(${`${slug} channel`})::uuid, md5(${slug})::uuid, 'whatsapp', ${slug}, ${`90000${index}`}, ${`80000${index}`}, '551130030001')`;
		await sql`
			insert into public.tags (id, tenant_id, name)
			select md5(${`${slug} tag `} || n)::uuid, md5(${slug})::uuid, 'Etiqueta ' || n from generate_series(1, ${tags}::integer) n`;
	}
	await sql`
		insert into auth.users (id, aud, role, email)
		select md5('volume agent ' || n)::uuid, 'authenticated', 'authenticated', 'volume' || n || '@example.test'
		from generate_series(0, ${agents}::integer) n`;
	await sql`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		select md5('volume')::uuid, md5('volume agent ' || n)::uuid, (case n when 0 then 'supervisor' else 'agent' end)::public.member_role, 'Agente ' || n
		from generate_series(0, ${agents}::integer) n`;
	await sql`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		values (md5('volume-1')::uuid, md5('volume agent 0')::uuid, 'supervisor', 'Agente 0')`;
	await sql`
		insert into public.teams (id, tenant_id, name)
		select md5('volume team ' || n)::uuid, md5('volume')::uuid, 'Time ' || n from generate_series(0, ${teams - 1}::integer) n`;
	await sql`
		insert into public.team_members (tenant_id, team_id, user_id)
		select md5('volume')::uuid, md5('volume team ' || n % ${teams}::integer)::uuid, md5('volume agent ' || n)::uuid
		from generate_series(1, ${agents}::integer) n`;
}

/**
 * One conversation a contact: a tenth open, of which a few nobody's, some put aside, a third waiting; spread over agents, teams,
 * tags and a year.
 */
async function fillConversations(sql: postgres.TransactionSql, slug: string, conversations: number): Promise<void> {
	const first = ['Maria', 'José', 'Ana', 'João', 'Antônio', 'Francisca', 'Carlos', 'Conceição', 'Paulo', 'Lúcia'];
	const last = ['Silva', 'Souza', 'Costa', 'Santos', 'Oliveira', 'Pereira', 'Araújo', 'Gonçalves', 'Brandão', 'Leão'];
	await sql`
		insert into public.contacts (id, tenant_id, name, phone)
		select md5(${slug} || ' contact ' || n)::uuid, md5(${slug})::uuid,
			(${first}::text[])[1 + n % 10] || ' ' || initcap(substr(md5(n::text), 1, (1 + n % 7)::integer)) || ' ' || (${last}::text[])[1 + n / 10 % 10],
			'55119' || lpad((n * 7919 % 100000000)::text, 8, '0')
		from generate_series(1, ${conversations}::bigint) n`;
	await sql`
		insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
		select c.tenant_id, c.id, 'phone', c.phone, c.phone from public.contacts c where c.tenant_id = md5(${slug})::uuid
		on conflict do nothing`;
	await sql`
		insert into public.conversations (
			id, tenant_id, contact_id, channel_id, assignee_id, team_id, status, closed_at, last_seq, read_seq, unread_count, preview,
			preview_kind, preview_direction, preview_at, last_message_at, last_inbound_at, waiting_since, sla_due_at, priority,
			snoozed_until, is_spam, tag_ids, window_expires_at, created_at, updated_at
		)
		select
			md5(${slug} || ' conversation ' || n)::uuid, md5(${slug})::uuid, md5(${slug} || ' contact ' || n)::uuid, md5(${`${slug} channel`})::uuid,
			case when ${slug === companies[0]} and n / 10 % 20 > 1 then md5(${slug} || ' agent ' || 1 + n / 10 % ${agents}::integer)::uuid end,
			case when ${slug === companies[0]} and n / 10 % 20 > 0 then md5(${slug} || ' team ' || n / 10 % ${teams}::integer)::uuid end,
			(case when n % 10 = 0 then 'open' else 'closed' end)::public.conversation_status, case when n % 10 > 0 then at end,
			20, 20, 0, 'Obrigada!', 'text', 'in', at, at, at,
			-- Of the open a third wait, for a third of those something is promised; some are marked, a few put aside.
			case when n % 30 = 0 then at end, case when n % 90 = 0 then at + interval '1 hour' end,
			case when n % 130 = 0 then 1 + n / 130 % 4 else 0 end,
			case when n % 170 = 0 then 'infinity'::timestamptz end, n % 190 = 0,
			-- The tag n is on one conversation in 3, 7, 15 … 8,191.
			array(select md5(${slug} || ' tag ' || t)::uuid from generate_series(1, ${tags}::integer) t where n / 10 % ((2 << t) - 1) = 0),
			at + interval '24 hours', at - interval '30 days', at
		from generate_series(1, ${conversations}::bigint) n
		-- Scattered, so that a table's order helps nobody.
		cross join lateral (select now() - make_interval(secs => (n * 7919 % 31536000)::double precision)) a (at)`;
}
