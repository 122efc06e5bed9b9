import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import type { Figure } from './figure.ts';

const PEOPLE = Number(process.env.FLOW_PEOPLE ?? '2000');
/** Connections of the worker: its own ten. */
const CONNECTIONS = 10;

/**
 * Nodes a second that one worker runs through: people who all write in one moment, each beginning the flow that was
 * published, until every step is committed, their answers queued and on their way. Beside it: a run read, and a row
 * changed, by as many connections and no more than that.
 */
export async function benchFlowRuns(sql: postgres.Sql, facts: StackFacts): Promise<Figure> {
	await allAtOnce(sql, facts, crypto.randomUUID(), 200);
	const limit = await barely(facts);
	return {
		name: 'flow nodes of one worker, run through, committed, answers queued and sent',
		value: await allAtOnce(sql, facts, crypto.randomUUID(), PEOPLE),
		unit: '/s',
		target: 1_000,
		limit: { name: `a row read and a row changed a step, ${CONNECTIONS} connections`, value: limit }
	};
}

async function allAtOnce(sql: postgres.Sql, facts: StackFacts, name: string, people: number): Promise<number> {
	const { phone_number_id } = facts.whatsapp;
	await sql.begin(async (tx) => {
		await tx`
			insert into public.contacts (id, tenant_id, name, phone)
			select md5(${name} || ' flow contact ' || n)::uuid, c.tenant_id, 'Cliente ' || n, '55115' || lpad((abs(hashtext(${name})) % 900 * 100000 + n)::text, 8, '0')
			from public.channels c
			cross join generate_series(1, ${people}::integer) n
			where c.phone_number_id = ${phone_number_id}`;
		await tx`
			insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
			select p.tenant_id, p.id, 'phone', p.phone, p.phone
			from public.contacts p
			where p.id in (select md5(${name} || ' flow contact ' || n)::uuid from generate_series(1, ${people}::integer) n)`;
		await tx`
			insert into public.conversations (id, tenant_id, contact_id, channel_id, last_seq, window_expires_at)
			select md5(${name} || ' flow conversation ' || n)::uuid, c.tenant_id, md5(${name} || ' flow contact ' || n)::uuid, c.id, 1, now() + interval '1 day'
			from public.channels c
			cross join generate_series(1, ${people}::integer) n
			where c.phone_number_id = ${phone_number_id}`;
		await tx`
			insert into public.messages (tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body, status)
			select
				c.tenant_id, md5(${name} || ' flow conversation ' || n)::uuid, md5(${name} || ' flow contact ' || n)::uuid, c.id,
				1, 'in', 'contact', 'text', '{"kind": "text", "text": "medir"}', 'medir', 'received'
			from public.channels c
			cross join generate_series(1, ${people}::integer) n
			where c.phone_number_id = ${phone_number_id}`;
	});
	const started = performance.now();
	for (;;) {
		const [row] = await sql<[{ steps: number; runs: number; waiting: number }]>`
			select coalesce(sum(r.visits), 0)::integer as steps, count(*)::integer as runs, (select count(*)::integer from private.outbox) as waiting
			from public.flow_runs r
			where r.visits > 0
				and r.conversation_id in (select md5(${name} || ' flow conversation ' || n)::uuid from generate_series(1, ${people}::integer) n)`;
		const ms = performance.now() - started;
		if (row.runs === people && row.waiting === 0) return (row.steps / ms) * 1_000;
		if (ms > 120_000)
			throw new Error(`${people - row.runs} flows did not begin, ${row.waiting} conversations were not sent`);
		await wait(50);
	}
}

async function barely(facts: StackFacts): Promise<number> {
	const sql = postgres(facts.db_url, { max: CONNECTIONS, onnotice: () => {} });
	await sql`drop table if exists private.bench_states`;
	await sql`create table private.bench_states (id integer primary key, state jsonb not null) with (fillfactor = 70)`;
	await sql`insert into private.bench_states select n, '{"variables": {}}' from generate_series(1, ${PEOPLE}::integer) n`;
	const started = performance.now();
	let left = PEOPLE;
	await Promise.all(
		Array.from({ length: CONNECTIONS }, async () => {
			for (let n = left--; n > 0; n = left--) {
				const [row] = await sql<
					[{ state: postgres.JSONValue }]
				>`select state from private.bench_states where id = ${n}`;
				await sql`update private.bench_states set state = ${sql.json(row.state)} where id = ${n}`;
			}
		})
	);
	const ms = performance.now() - started;
	await sql`drop table private.bench_states`;
	await sql.end();
	// One step: both nodes, `start` and what it leads to.
	return ((2 * PEOPLE) / ms) * 1_000;
}
