import { AgentConfig } from '@prosa/core/ai/agent.ts';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFile } from '../../workers/src/media/describe.ts';
import { withScratch } from '../schema/scratch.ts';
import { describedSamples, SAMPLES, SAMPLE_TYPES } from './samples.ts';
import { seedWhenEmpty } from './seed.ts';

let sql: Sql;
let finish: () => void;
let scratch: Promise<void>;
const said: string[] = [];
const stored = new Map<string, number>();

beforeAll(async () => {
	const { promise: over, resolve } = Promise.withResolvers<void>();
	finish = resolve;
	await new Promise<void>((ready, fail) => {
		scratch = withScratch(async ({ fromSql }) => {
			const url = await fromSql();
			sql = postgres(url, { onnotice: () => {} });
			await seed(url);
			await seed(url);
			ready();
			await over;
			await sql.end();
		});
		scratch.catch(fail);
	});
}, 60_000);

afterAll(async () => {
	finish();
	await scratch;
});

function seed(dbUrl: string): Promise<boolean> {
	return seedWhenEmpty({
		dbUrl,
		secretsKey: `k1:${randomBytes(32).toString('base64')}`,
		sgpUrl: 'http://127.0.0.1:54332',
		tokenOf: (slug) => `token-${slug}`,
		say: (sentence) => said.push(sentence),
		putFile: async (path, bytes) => void stored.set(path, bytes.length),
		users: async (people) => {
			const rows = await sql<{ email: string; id: string }[]>`
				insert into auth.users ${sql(people.map(({ email }) => ({ id: crypto.randomUUID(), aud: 'authenticated', role: 'authenticated', email })))}
				returning email, id`;
			return new Map(rows.map(({ email, id }) => [email, id]));
		}
	});
}

test('a database that has companies is left as it is', () => {
	expect(said).toHaveLength(1);
});

test('two companies, each with every role, its channel and its teams', async () => {
	const companies = await sql`
		select t.slug, array_agg(m.role order by m.role)::text[] as roles,
			(select phone_number_id from public.channels c where c.tenant_id = t.id) as number,
			(select count(*)::int from public.teams x where x.tenant_id = t.id) as teams,
			(select count(*)::int from public.contacts x where x.tenant_id = t.id) as contacts
		from public.tenants t join public.memberships m on m.tenant_id = t.id
		group by t.id order by t.slug`;
	const roles = ['admin', 'supervisor', 'agent', 'agent', 'viewer'];
	expect(companies).toEqual([
		// One of its queues is its AI agent's.
		{ slug: 'oficina', roles, number: '106540352242933', teams: 3, contacts: 40 },
		{ slug: 'padaria', roles, number: '106540352242922', teams: 2, contacts: 60 }
	]);
});

test('every counter of a conversation is what its messages say', async () => {
	const wrong = await sql`
		select c.id
		from public.conversations c
		join lateral (
			select
				count(*) as messages,
				max(seq) as last_seq,
				count(*) filter (where counts_unread and seq > c.read_seq) as unread,
				max(created_at) filter (where not is_private) as last_at,
				max(sent_at) filter (where direction = 'in') as last_in,
				(array_agg(left(body, 200) order by seq desc) filter (where not is_private))[1] as preview,
				min(created_at) filter (where counts_unread and seq > coalesce((
					select max(seq) from public.messages o where o.conversation_id = c.id and o.direction = 'out' and not o.is_private
				), 0)) as waiting
			from public.messages m where m.conversation_id = c.id
		) m on true
		where (c.last_seq, c.unread_count, c.last_message_at, c.last_inbound_at, c.preview, c.window_expires_at)
				is distinct from (m.last_seq, m.unread, m.last_at, m.last_in, m.preview, m.last_in + interval '24 hours')
			or m.messages <> m.last_seq
			or (c.status = 'open' and c.waiting_since is distinct from m.waiting)
			or (c.status = 'closed' and c.waiting_since is not null)`;
	expect(wrong).toEqual([]);
});

test('the inbox has everything one wants to see: new, unread, mine, a team’s, answered, failed, too late', async () => {
	const [inbox] = await sql`
		select
			bool_or(assignee_id is null and team_id is null and unread_count > 0) as new,
			bool_or(assignee_id is not null and unread_count > 0) as unread,
			bool_or(team_id is not null and assignee_id is null) as team,
			bool_or(preview_direction = 'out') as answered,
			bool_or(window_expires_at < now()) as late,
			bool_or(window_expires_at > now()) as in_time
		from public.conversations where status = 'open'`;
	expect(inbox).toEqual({ new: true, unread: true, team: true, answered: true, late: true, in_time: true });
	const [kinds] = await sql`
		select count(*) filter (where status = 'failed')::int > 0 as failed, count(distinct kind)::int as kinds from public.messages`;
	expect(kinds?.failed).toBe(true);
	expect(kinds?.kinds).toBeGreaterThanOrEqual(7);
});

test('nothing lies in the future, and no broadcast was made of the past', async () => {
	const [row] = await sql`
		select
			(select count(*)::int from public.messages where created_at > now() or sent_at > now()) as future,
			(select count(*)::int from realtime.messages) as broadcasts,
			(select count(*)::int from pg_trigger where tgenabled = 'D') as silenced`;
	expect(row).toEqual({ future: 0, broadcasts: 0, silenced: 0 });
});

test('a message redelivered by the provider is known', async () => {
	const [row] = await sql`
		select count(*)::int as messages, (select count(*)::int from private.message_keys) as keys
		from public.messages where not is_private`;
	expect(row?.keys).toBe(row?.messages);
	expect(row?.messages).toBeGreaterThan(900);
});

test('past pictures, voices and documents have files, stored once each and seen with their conversation', async () => {
	const rows = await sql<
		{ kind: string; path: string; thumbnail: string | null; size: number; waveform: number[] | null }[]
	>`
		select kind, media ->> 'path' as path, media ->> 'thumbnail' as thumbnail, (media -> 'size')::int as size,
			media -> 'waveform' as waveform
		from public.messages
		where kind in ('image', 'audio', 'document', 'sticker')`;
	expect(rows.length).toBeGreaterThan(20);
	for (const { kind, path, thumbnail, size, waveform } of rows) {
		expect(stored.get(path)).toBe(size);
		if (kind === 'image') expect(stored.has(thumbnail ?? '')).toBe(true);
		if (kind === 'audio') expect(new Set(waveform).size).toBeGreaterThan(10);
	}
	expect(stored.size).toBeLessThan(30);
	const [loose] = await sql<{ count: number }[]>`
		select count(*)::int as count
		from public.messages m
		where m.media is not null
			and not exists (select from private.media_files f where f.path = m.media ->> 'path' and f.message_id = m.id)`;
	expect(loose?.count).toBe(0);
});

test('what is written of the samples is what the worker finds in them', async () => {
	for (const [name, type] of Object.entries(SAMPLE_TYPES)) {
		const thumbnail = path.join(tmpdir(), `prosa-sample-${process.pid}.webp`);
		const found = await describeFile(fileURLToPath(new URL(name, SAMPLES)), type, thumbnail);
		expect(describedSamples()[name], name).toEqual(found);
		await rm(thumbnail, { force: true });
	}
});

test('the workshop’s AI agent can be read, is published for a queue of its own, and knows something', async () => {
	const agents = await sql<{ definition: unknown; queue: string; over: string; pieces: number }[]>`
		select v.definition, q.name as queue, o.name as over,
			(select count(*)::int from public.ai_pieces p where p.tenant_id = a.tenant_id) as pieces
		from public.ai_agents a
		join public.ai_agent_versions v on v.id = a.published_version_id
		join public.teams q on q.id = any (a.team_ids)
		join public.teams o on o.id = a.hand_over_team_id`;
	expect(agents).toHaveLength(1);
	expect(agents[0]).toMatchObject({ queue: 'Assistente virtual', over: 'Atendimento' });
	expect(AgentConfig.parse(agents[0]?.definition).name).toBe('Bia');
	expect(agents[0]?.pieces).toBeGreaterThan(8);
	const [row] = await sql`
		select private.search_knowledge(t.id, 'quanto custa a troca de óleo?') -> 0 ->> 'text' as found
		from public.tenants t where t.slug = 'oficina'`;
	expect(row?.found).toContain('R$ 189,00');
});
