import { setTimeout as wait } from 'node:timers/promises';
import { buildMessage } from '@prosa/core/whatsapp/build.ts';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { Simulator, type Customer, type PhoneMessage } from '../tests/journeys/simulator.ts';
import { queueLoad } from '../tests/outbox_load.ts';
import { createGraphClient } from '../workers/src/graph/client.ts';
import { percentile, type Figure } from './figure.ts';

const MESSAGES = 12_000;
const PEOPLE = 3_000;
/** Calls at once of the bare posts: as many as the worker has in flight. */
const IN_FLIGHT = 400;
const BARE = { phone_number_id: '106540352249999', token: 'bench-token' };

/**
 * Messages a second that one worker sends from one number with every limit off, until each is settled and committed,
 * against bare posts of the same bodies to the same simulator; and how long after Meta took a message that is committed.
 */
export async function benchSend(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 2, onnotice: () => {} });
	const simulator = new Simulator(facts.whatsapp.graph_url);
	try {
		// Status webhooks wait meanwhile: what they cost is the door's figure.
		await simulator.faults({ throughput: null, pair_limit: false, paused: true });
		const [channel] = await sql<[{ id: string }]>`
			update public.channels set messages_per_second = null
			where phone_number_id = ${facts.whatsapp.phone_number_id} returning id`;

		await sent(sql, channel.id, 'warm', 300);
		const posts = await barePosts(facts, simulator);
		const seconds = await sent(sql, channel.id, 'bench', PEOPLE);
		const settles = await settleTimes(sql, simulator);
		return [
			{
				name: 'send: messages of one worker, called, settled and committed',
				value: MESSAGES / seconds,
				unit: '/s',
				target: 1_500,
				limit: { name: `bare posts to the simulator, ${IN_FLIGHT} at once`, value: posts }
			},
			{ name: 'send: p50 from accepted to committed, at that rate', value: percentile(settles, 0.5), unit: 'ms' },
			{ name: 'send: p99 from accepted to committed, at that rate', value: percentile(settles, 0.99), unit: 'ms' }
		];
	} finally {
		await simulator.faults({ throughput: 80, pair_limit: true, paused: false });
		await sql.end();
	}
}

/** Queues four messages to each of so many people and gives how many seconds it took until all were sent. */
async function sent(sql: postgres.Sql, channelId: string, name: string, people: number): Promise<number> {
	await queueLoad(sql, { channelId, name, conversations: people, each: MESSAGES / PEOPLE });
	const started = performance.now();
	for (;;) {
		const [row] = await sql<[{ left: number }]>`select count(*)::integer as left from private.outbox`;
		if (row.left === 0) break;
		if (performance.now() - started > 120_000) throw new Error(`${row.left} conversations were not sent`);
		await wait(25);
	}
	const seconds = (performance.now() - started) / 1_000;
	const others = await sql<{ status: string; count: number; error: unknown }[]>`
		select m.status, count(*)::integer as count, min((select max(a.error::text) from public.message_attempts a where a.message_id = m.id)) as error
		from public.messages m
		where m.conversation_id in (select md5(${name} || ' conversation ' || n)::uuid from generate_series(1, ${people}::integer) n)
			and m.status <> 'sent'
		group by m.status`;
	if (others.length > 0) throw new Error(`not all were sent: ${JSON.stringify(others)}`);
	return seconds;
}

/** The same number of messages by the worker's own client, with nothing of ours before and after. */
async function barePosts(facts: StackFacts, simulator: Simulator): Promise<number> {
	const { phone_number_id, token } = BARE;
	await simulator.post('businesses', {
		name: 'Medidas',
		phone_number_id,
		waba_id: '102290129349999',
		display_phone_number: '551130039999',
		tokens: [token]
	});
	const graph = createGraphClient({ url: facts.whatsapp.graph_url, version: 'v26.0', connections: Infinity });
	let left = MESSAGES;
	const started = performance.now();
	await Promise.all(
		Array.from({ length: IN_FLIGHT }, async () => {
			for (let i = left--; i > 0; i = left--) {
				const to = `55118${String(10_000_000 + (i % PEOPLE))}`;
				const message = buildMessage({ kind: 'text', text: String(i) }, { to, opaque: crypto.randomUUID() });
				const answer = await graph.sendMessage(phone_number_id, token, message);
				if (answer.type !== 'accepted') throw new Error(`a bare post was not taken: ${JSON.stringify(answer)}`);
			}
		})
	);
	const rate = MESSAGES / ((performance.now() - started) / 1_000);
	graph.close();
	return rate;
}

/** Milliseconds from the moment the simulator took a message to that of its commit, of one in thirty people. */
async function settleTimes(sql: postgres.Sql, simulator: Simulator): Promise<number[]> {
	const rows = await sql<{ message_id: string; phone: string; finished: number }[]>`
		select a.message_id, p.phone, extract(epoch from a.finished_at)::float8 * 1000 as finished
		from public.message_attempts a
		join public.messages m on m.tenant_id = a.tenant_id and m.id = a.message_id and m.created_at = a.message_created_at
		join public.contacts p on p.id = m.contact_id
		where m.contact_id in (select md5('bench contact ' || n)::uuid from generate_series(1, ${PEOPLE}::integer, 30) n)`;
	const taken = new Map<string, number>();
	for (const phone of new Set(rows.map((row) => row.phone))) {
		const chat = (await simulator.chat({ id: phone } as Customer)) as (PhoneMessage & { opaque: string; at: number })[];
		for (const { opaque, at } of chat) taken.set(opaque, at);
	}
	return rows.map(({ message_id, finished }) => Math.max(0, finished - (taken.get(message_id) ?? Number.NaN)));
}
