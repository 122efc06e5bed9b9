import { setTimeout as wait } from 'node:timers/promises';
import { createGraphClient } from '../workers/src/graph/client.ts';
import { buildMessage } from '@prosa/core/whatsapp/build.ts';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { Simulator, type Customer, type PhoneMessage } from '../tests/journeys/simulator.ts';
import { percentile, type Figure } from './figure.ts';
import { publishDrawn } from './flow_drawn.ts';
import { benchFlowRuns } from './flow_runs.ts';
import { runLoad } from './socket_load.ts';
import { signedRequest, textBody } from './webhooks.ts';

/** Conversations that begin a second. */
const RATE = 100;
const seconds = Number(process.env.FLOW_SECONDS ?? '30');
const BARE = { phone_number_id: '106540352249998', token: 'bench-flow-token' };

/**
 * A bot as its customers know it: from the webhook that begins a conversation, or answers the bot, until the simulator has
 * taken the bot's answer; and the nodes that one worker runs through when there is nothing to wait for. Beside the first
 * stands a row, a notice and a post of the same; limits are off, as `send` has them.
 */
export async function benchFlowAnswers(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 4, onnotice: () => {} });
	const simulator = new Simulator(facts.whatsapp.graph_url);
	try {
		await simulator.faults({ throughput: null, pair_limit: false, paused: true, number_errors: false });
		await sql`update public.channels set messages_per_second = null where phone_number_id = ${facts.whatsapp.phone_number_id}`;
		await publishDrawn(sql, 'medir');

		await chat(facts, sql, simulator, 'medir', 0, 300);
		const bare = await barely(facts, sql, simulator, 5 * RATE);
		const begun = await chat(facts, sql, simulator, 'medir', 1_000, seconds * RATE);
		const went = await chat(facts, sql, simulator, 'Encomendar', 1_000, seconds * RATE);
		const name = `flow at ${RATE} conversations/s: webhook to answer accepted`;
		const limit = (share: number) => ({ name: 'a row, a notice and a post', value: percentile(bare, share) });
		return [
			{ name: `${name}, first message, p50`, value: percentile(begun, 0.5), unit: 'ms', target: 40, limit: limit(0.5) },
			{
				name: `${name}, first message, p99`,
				value: percentile(begun, 0.99),
				unit: 'ms',
				target: 200,
				limit: limit(0.99)
			},
			{ name: `${name}, in the middle, p50`, value: percentile(went, 0.5), unit: 'ms', target: 40, limit: limit(0.5) },
			{
				name: `${name}, in the middle, p99`,
				value: percentile(went, 0.99),
				unit: 'ms',
				target: 200,
				limit: limit(0.99)
			},
			await benchFlowRuns(sql, facts)
		];
	} finally {
		await simulator.faults({ throughput: 80, pair_limit: true, paused: false, number_errors: true });
		await sql.end();
	}
}

/** Not the load's own people of `webhooks.ts`: those have conversations that bots keep away from. */
const person = (n: number) => `55116${String(80_000_000 + n)}`;

/** Has so many people write the same, 100 a second, and gives the milliseconds until each was answered by the bot. */
async function chat(
	facts: StackFacts,
	sql: postgres.Sql,
	simulator: Simulator,
	text: string,
	first: number,
	people: number
) {
	const url = new URL(facts.api_url);
	const before = await answers(sql);
	const requests = Array.from({ length: people }, (_, n) =>
		signedRequest(facts, textBody(facts, person(first + n), text))
	);
	let sent = 0;
	const started = performance.timeOrigin + performance.now();
	const { statuses } = await runLoad({
		host: url.hostname,
		port: Number(url.port),
		connections: 32,
		rate: RATE,
		next: () => requests[sent++] ?? null
	});
	if (statuses[200] !== people) throw new Error(`not all were taken: ${JSON.stringify(statuses)}`);
	for (let turn = 0; (await answers(sql)) - before < people; turn++) {
		if (turn > 600)
			throw new Error(`${people - ((await answers(sql)) - before)} of ${people} had no answer within 60 s`);
		await wait(100);
	}
	const times: number[] = [];
	for (let n = 0; n < people; n++) {
		const said = (await simulator.chat({ id: person(first + n) } as Customer)) as (PhoneMessage & { at: number })[];
		const answer = said.findLast(({ direction }) => direction === 'out');
		times.push((answer?.at ?? Number.NaN) - (started + (n / RATE) * 1_000));
	}
	return times;
}

const answers = async (sql: postgres.Sql) =>
	(
		await sql<[{ count: number }]>`
			select count(*)::integer as count from public.messages where author = 'bot' and status not in ('queued', 'sending')`
	)[0].count;

/** The same with nothing of ours: each arrival is a row with a notice, and whoever hears it posts an answer. */
async function barely(facts: StackFacts, sql: postgres.Sql, simulator: Simulator, count: number): Promise<number[]> {
	const { phone_number_id, token } = BARE;
	await simulator.post('businesses', {
		name: 'Medidas de bots',
		phone_number_id,
		waba_id: '102290129349998',
		display_phone_number: '551130039998',
		tokens: [token]
	});
	const graph = createGraphClient({ url: facts.whatsapp.graph_url, version: 'v26.0', connections: Infinity });
	const times: number[] = [];
	const posts: Promise<unknown>[] = [];
	await sql`drop table if exists private.bench_arrivals`;
	await sql`create table private.bench_arrivals (id bigint generated always as identity primary key, body text not null)`;
	const started = performance.now();
	const answer = async (n: number) => {
		const message = buildMessage(
			{ kind: 'text', text: 'Olá!' },
			{ to: person(900_000 + n), opaque: crypto.randomUUID() }
		);
		await graph.sendMessage(phone_number_id, token, message);
		times.push(performance.now() - (started + (n / RATE) * 1_000));
	};
	const { unlisten } = await sql.listen('bench_arrivals', (n) => void posts.push(answer(Number(n))));
	for (let n = 0; n < count; n++) {
		const early = started + (n / RATE) * 1_000 - performance.now();
		if (early > 1) await wait(early);
		const body = textBody(facts, person(n), 'medir');
		await sql`with kept as (insert into private.bench_arrivals (body) values (${body}) returning id) select pg_notify('bench_arrivals', ${String(n)}) from kept`;
	}
	while (posts.length < count) await wait(10);
	await Promise.all(posts);
	await unlisten();
	await sql`drop table private.bench_arrivals`;
	graph.close();
	return times;
}
