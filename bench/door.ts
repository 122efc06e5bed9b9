import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { percentile, type Figure } from './figure.ts';
import { runLoad, type LoadResult } from './socket_load.ts';
import { phone, signedRequest, textBody } from './webhooks.ts';

const MESSAGES = 20_000;
const PEOPLE = 2_000;
/** Senders at once: enough that requests wait for one another, as in a real burst. */
const CONNECTIONS = 64;

/**
 * Webhooks a second through gateway and door until each message is committed with all its side effects, against bare
 * single-row inserts of the same raw bodies on the same Postgres; then latency at half the load that was asked for.
 */
export async function benchDoor(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 8, onnotice: () => {} });
	try {
		await through(facts, 2_000); // plans, partitions and people warm
		const before = await countMessages(sql);
		const full = await through(facts, MESSAGES);
		const committed = (await countMessages(sql)) - before;
		if (committed !== MESSAGES)
			throw new Error(`${MESSAGES} webhooks were answered 200 and ${committed} messages stand there`);

		const inserts = await bareInserts(sql, facts);
		const half = await through(facts, 750 * 15, 750);
		const rate = committed / full.seconds;
		return [
			{
				name: 'door: webhooks committed with all side effects, 64 senders',
				value: rate,
				unit: '/s',
				target: 1500,
				limit: { name: 'bare inserts, 8 connections', value: inserts }
			},
			{ name: 'door: p50 at 750/s', value: percentile(half.latencies, 0.5), unit: 'ms' },
			{ name: 'door: p99 at 750/s', value: percentile(half.latencies, 0.99), unit: 'ms', target: 100 }
		];
	} finally {
		await sql.end();
	}
}

async function through(facts: StackFacts, count: number, rate?: number): Promise<LoadResult> {
	const url = new URL(facts.api_url);
	// Made beforehand: signing is not what is measured.
	const requests = Array.from({ length: count }, (_, i) =>
		signedRequest(facts, textBody(facts, phone(i * 7919, PEOPLE), `Bom dia! Tem pão de queijo hoje? (${i})`))
	);
	const result = await runLoad({
		host: url.hostname,
		port: Number(url.port),
		connections: CONNECTIONS,
		next: () => requests.pop() ?? null,
		...(rate && { rate })
	});
	const refused = count - (result.statuses[200] ?? 0);
	if (refused > 0)
		throw new Error(`${refused} of ${count} webhooks were not answered 200: ${JSON.stringify(result.statuses)}`);
	return result;
}

const countMessages = async (sql: postgres.Sql) =>
	Number((await sql<[{ count: string }]>`select count(*) from public.messages`)[0].count);

async function bareInserts(sql: postgres.Sql, facts: StackFacts): Promise<number> {
	await sql`drop table if exists private.bench_inserts`;
	await sql`create table private.bench_inserts (id bigint generated always as identity primary key, body text not null, at timestamptz not null default now())`;
	const body = textBody(facts, phone(1, 2), 'Bom dia! Tem pão de queijo hoje?');
	let left = MESSAGES;
	const started = performance.now();
	await Promise.all(
		Array.from({ length: 8 }, async () => {
			while (left-- > 0) await sql`insert into private.bench_inserts (body) values (${body})`;
		})
	);
	const seconds = (performance.now() - started) / 1000;
	await sql`drop table private.bench_inserts`;
	return MESSAGES / seconds;
}
