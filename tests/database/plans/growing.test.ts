import { LOOKUPS, PLANS } from '@prosa/core/sql/plans.ts';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Flows } from '../../../workers/src/flows/advance.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { publishFlow } from '../flows/bots.ts';
import { uuid } from '../people.ts';

const database = useDatabase();
const channel = uuid('padaria channel');
const drain = randomUUID();
const SHARDS = [0, 1, 2, 3];
const PEOPLE = 3_000;
const TURNS = 5;

// One connection each, whose plans are made while there is hardly anything, and kept.
let door: postgres.Sql;
let worker: postgres.Sql;
let flows: Flows;
let phone = 5_511_970_000_000;

/** Somebody writes, a bot answers, and the answer is sent: all that the door and a worker do in the database. */
async function answered(): Promise<void> {
	await receive(door, [delivery([textFrom(String(phone++), 'volume')])]);
	for (const wake of await flows.take(25)) await flows.advance(wake.conversation_id, wake);
	for (const shard of SHARDS) {
		await worker`select private.begin_drain(${channel}, ${shard}, ${drain})`;
		for (let outcomes: object[] | null = []; outcomes !== null;) outcomes = await turn(shard, outcomes);
	}
}

/** Settles what was sent and claims what may go; null: nothing is left. */
async function turn(shard: number, outcomes: object[]): Promise<object[] | null> {
	const [row] = await worker<{ turn: { claims: object[] } }[]>`
		select private.turn_outbox(${channel}, ${shard}, ${drain}, ${JSON.stringify(outcomes)}::text::jsonb, 5) as turn`;
	const claims = row?.turn.claims ?? [];
	if (claims.length === 0) return null;
	return claims.map((claim) => ({ ...claim, result: 'accepted', external_id: `wamid.${randomUUID()}` }));
}

/** Entries that each index was read for so far, and how often it was asked. */
async function reads(): Promise<Map<string, { scans: number; entries: number }>> {
	for (const sql of [door, worker]) await sql`select pg_stat_force_next_flush()`;
	for (const sql of [door, worker]) await sql`select 1`;
	await wait(300);
	const rows = await database.owner<{ name: string; scans: number; entries: number }[]>`
		select indexrelname as name, idx_scan::integer as scans, idx_tup_read::integer as entries from pg_stat_user_indexes`;
	return new Map(rows.map(({ name, ...read }) => [name, read]));
}

beforeAll(async () => {
	await publishFlow(
		database,
		{
			nodes: [{ id: 'm', type: 'buttons', text: 'Oi', options: [{ id: 'a', label: 'A' }] }],
			lines: ['s > m']
		},
		[{ type: 'keyword', words: ['volume'], match: 'whole' }]
	);
	door = postgres(database.url('prosa_door'), { max: 1, connection: LOOKUPS, onnotice: () => {} });
	worker = postgres(database.url('prosa_worker'), { max: 1, connection: PLANS, onnotice: () => {} });
	flows = new Flows(worker);
}, 60_000);
afterAll(() => Promise.all([door.end(), worker.end()]));

test('what a message costs does not grow with the company, not even by plans made on its first day', async () => {
	for (let n = 0; n < 3; n++) await answered();
	await database.owner`analyze`;
	await answered();
	await grow();
	await answered();

	const before = await reads();
	for (let n = 0; n < TURNS; n++) await answered();
	const after = await reads();

	expect(after.get('conversations_pkey')?.scans, 'something was asked').toBeGreaterThan(
		before.get('conversations_pkey')?.scans ?? 0
	);
	const greedy = [...after].flatMap(([name, { scans, entries }]) => {
		const was = before.get(name) ?? { scans: 0, entries: 0 };
		return entries - was.entries > 40 * (scans - was.scans) ? [`${name}: ${entries - was.entries} entries`] : [];
	});
	// What waits for the provider is met by its time: the shard's next, and those that are put off behind it.
	expect(greedy.filter((name) => !name.startsWith('outbox_due_idx'))).toEqual([]);
}, 120_000);

/** Thousands of other people: chats that bots have, messages sent and waiting, calls of unknown outcome. */
async function grow(): Promise<void> {
	const tenant = uuid('padaria');
	await database.owner.begin(async (sql) => {
		await sql`
			insert into public.contacts (id, tenant_id, name)
			select md5('grown contact ' || n)::uuid, ${tenant}, 'Cliente ' || n from generate_series(1, ${PEOPLE}::integer) n`;
		await sql`
			insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
			select ${tenant}, md5('grown contact ' || n)::uuid, 'phone', '5511' || (800000000 + n), '5511' || (800000000 + n)
			from generate_series(1, ${PEOPLE}::integer) n`;
		await sql`
			insert into public.conversations (id, tenant_id, contact_id, channel_id, owner, last_seq)
			select md5('grown conversation ' || n)::uuid, ${tenant}, md5('grown contact ' || n)::uuid, ${channel}, 'bot', 1
			from generate_series(1, ${PEOPLE}::integer) n`;
		await sql`
			insert into public.messages (
				id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, status, client_id, external_id
			)
			select
				md5('grown message ' || n)::uuid, ${tenant}, md5('grown conversation ' || n)::uuid, md5('grown contact ' || n)::uuid,
				${channel}, 1, 'out', 'bot', 'text', '{"kind": "text", "text": "Oi"}', 'Oi',
				case when n % 2 = 0 then 'queued' else 'sent' end::public.message_status, gen_random_uuid(),
				case when n % 2 = 1 then 'wamid.grown' || n end
			from generate_series(1, ${PEOPLE}::integer) n`;
		await sql`
			insert into private.client_keys (tenant_id, client_id, message_id, created_at)
			select m.tenant_id, m.client_id, m.id, m.created_at from public.messages m where m.client_id is not null
			on conflict do nothing`;
		await sql`
			insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
			select m.channel_id, m.external_id, m.tenant_id, m.id, m.created_at, gen_random_uuid()
			from public.messages m where m.external_id is not null
			on conflict do nothing`;
		await sql`
			insert into public.message_attempts (tenant_id, message_id, message_created_at, result, finished_at)
			select m.tenant_id, m.id, m.created_at, 'unknown', now() from public.messages m where m.body = 'Oi'`;
		await sql`
			insert into private.outbox (conversation_id, tenant_id, channel_id, shard, lane, due_at)
			select md5('grown conversation ' || n)::uuid, ${tenant}, ${channel}, n % 4, 0, now() + interval '1 hour'
			from generate_series(2, ${PEOPLE}::integer, 2) n`;
		await sql`
			insert into public.flow_runs (tenant_id, conversation_id, flow_id, version_id, pins, cursor, owner_epoch)
			select ${tenant}, md5('grown conversation ' || n)::uuid, f.id, f.published_version_id, '{}', 0, 0
			from generate_series(1, ${PEOPLE}::integer) n
			join public.flows f on f.published_version_id is not null and f.tenant_id = ${tenant}`;
	});
}
