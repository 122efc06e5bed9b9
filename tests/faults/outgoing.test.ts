import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { NUMBERS, Simulator, type Customer, type PhoneMessage } from '../journeys/simulator.ts';
import { queueLoad } from '../outbox_load.ts';
import { useStack } from './stack.ts';

const stack = useStack();
const simulator = () => new Simulator(stack.facts.whatsapp.graph_url);

const CLEAR = { answer_delay_ms: 0, answer_lost: 0, refuse: 0, paused: false, throughput: null, pair_limit: false };
let channelId: string;

beforeAll(async () => {
	const [channel] = await stack.sql<{ id: string }[]>`
		update public.channels set messages_per_second = null where phone_number_id = ${NUMBERS.padaria} returning id`;
	channelId = channel?.id ?? '';
});

afterEach(async () => {
	await simulator().faults(CLEAR);
});

interface Row {
	id: string;
	phone: string;
	body: string;
	status: string;
	code: string | null;
	results: string[];
}

/** What became of a load, conversation by conversation, in order. */
const rowsOf = (name: string, conversations: number) => stack.sql<Row[]>`
	select m.id, p.phone, m.body, m.status, m.error ->> 'code' as code,
		array(select coalesce(a.result::text, 'open') from public.message_attempts a where a.message_id = m.id order by a.started_at) as results
	from public.messages m
	join public.contacts p on p.id = m.contact_id
	where m.conversation_id in (select md5(${name} || ' conversation ' || n)::uuid from generate_series(1, ${conversations}::integer) n)
	order by p.phone, m.seq`;

const left = async () =>
	(await stack.sql<[{ count: number }]>`select count(*)::integer as count from private.outbox`)[0].count;

/** Waits until part of the load has gone, so that what comes next happens in the middle of it. */
const underWay = (below: number) => expect.poll(left, { timeout: 60_000, interval: 20 }).toBeLessThan(below);

async function killWorker(): Promise<void> {
	await expect.poll(() => stack.pids(/workers\/src\/main\.ts/).length, { timeout: 20_000 }).toBeGreaterThan(0);
	const [pid] = stack.pids(/workers\/src\/main\.ts/);
	if (pid !== undefined) process.kill(pid, 'SIGKILL');
}

/** Each phone, and our ids of the messages it holds. */
async function phonesOf(rows: Row[]): Promise<Map<string, string[]>> {
	const phones = [...new Set(rows.map(({ phone }) => phone))];
	const held = new Map<string, string[]>();
	await Promise.all(
		Array.from({ length: 8 }, async () => {
			for (let phone = phones.pop(); phone; phone = phones.pop()) {
				const chat = (await simulator().chat({ id: phone } as Customer)) as (PhoneMessage & { opaque: string })[];
				held.set(
					phone,
					chat.map(({ opaque }) => opaque)
				);
			}
		})
	);
	return held;
}

/** Nothing lost, nothing doubled, order kept: on the phones and in the rows. Gives how many outcomes are unknown. */
async function expectWhole(name: string, conversations: number, each: number): Promise<number> {
	const rows = await rowsOf(name, conversations);
	expect(rows).toHaveLength(conversations * each);
	const phones = await phonesOf(rows);
	let unknown = 0;
	for (const [phone, sent] of Map.groupBy(rows, (row) => row.phone)) {
		const held = phones.get(phone) ?? [];
		const inOrder = sent.map(({ id }) => id).filter((id) => held.includes(id));
		expect(held, `${phone} holds each message once, in order`).toEqual(inOrder);
		for (const { id, status, results } of sent) {
			const settled = ['sent', 'delivered', 'read'].includes(status);
			if (!settled) unknown++;
			// Not on the phone: then nobody may believe that it is, and a person is shown it.
			if (!held.includes(id)) expect([status, results.at(-1)]).toEqual(['sending', 'unknown']);
		}
	}
	return unknown;
}

test('10,000 messages with workers killed in the middle of their calls, answers lost and late: none lost, none twice, each in its place', async () => {
	const [conversations, each] = [500, 20];
	await simulator().faults({ ...CLEAR, answer_delay_ms: 30, answer_lost: 0.01, seed: 7 });
	await queueLoad(stack.sql, { channelId, name: 'killed', conversations, each });
	// Counted in what has left, as every conversation stays in the outbox until its last message.
	const gone = async () => {
		const [row] = await stack.sql<[{ count: number }]>`select count(*)::integer as count from public.message_attempts`;
		return row.count;
	};
	for (const count of [1_500, 4_000, 6_500]) {
		await expect.poll(gone, { timeout: 60_000, interval: 20 }).toBeGreaterThan(count);
		await killWorker();
	}
	await expect.poll(left, { timeout: 80_000, interval: 100 }).toBe(0);
	// Every outcome that Meta knows comes back with a status webhook and settles what was unknown.
	const inState = async (status: string) =>
		(await rowsOf('killed', conversations)).filter((row) => row.status === status).length;
	await expect.poll(() => inState('sent'), { timeout: 90_000, interval: 1_000 }).toBe(0);
	let before = -1;
	for (let now = await inState('sending'); now !== before; now = await inState('sending')) {
		before = now;
		await wait(3_000);
	}
	const unknown = await expectWhole('killed', conversations, each);
	// Three kills, each with at most a hundred messages of four shards in hand.
	expect(unknown).toBeLessThanOrEqual(3 * 400);
	await stack.sql`update public.message_attempts set started_at = started_at - interval '11 minutes', finished_at = finished_at - interval '11 minutes' where result = 'unknown'`;
	const [expired] = await stack.sql<[{ count: number }]>`select private.expire_unknown_sends() as count`;
	expect(expired.count).toBe(unknown);
	const shown = (await rowsOf('killed', conversations)).filter(({ code }) => code === 'outcome_unknown');
	expect(shown).toHaveLength(unknown);
}, 240_000);

test('a Meta that is away, then slow, then busy takes everything in the end, once and in order', async () => {
	const [conversations, each] = [100, 10];
	const [pid] = stack.pids(/simulators\/whatsapp\/main\.ts/);
	if (pid === undefined) throw new Error('there is no simulator');
	await simulator().faults({ ...CLEAR, answer_delay_ms: 400 });
	await queueLoad(stack.sql, { channelId, name: 'away', conversations, each });
	await underWay(101);
	// Killed outright: whoever holds the stack together starts it again, and it remembers what it took.
	process.kill(pid, 'SIGKILL');
	await expect
		.poll(
			() =>
				simulator()
					.faults({ ...CLEAR, refuse: 0.2, refuse_code: 131000 })
					.then(
						() => true,
						() => false
					),
			{ timeout: 20_000 }
		)
		.toBe(true);
	await wait(3_000);
	await simulator().faults({ ...CLEAR, refuse: 0.05, refuse_code: 130429 });
	await wait(2_000);
	await simulator().faults(CLEAR);
	await stack.sql`update private.outbox set due_at = now() where attempt_id is null`;
	await expect.poll(left, { timeout: 60_000, interval: 100 }).toBe(0);
	await wait(1_500);
	await expectWhole('away', conversations, each);
}, 150_000);

test('a Meta that takes messages and then answers 500 is not asked for them again: its statuses tell what it took', async () => {
	const [conversations, each] = [100, 10];
	await simulator().faults(CLEAR);
	await simulator().post('outage', { mode: 'after_accept', seconds: 5 });
	await queueLoad(stack.sql, { channelId, name: 'taken', conversations, each });
	await expect.poll(left, { timeout: 90_000, interval: 100 }).toBe(0);
	await wait(2_000);
	expect(await expectWhole('taken', conversations, each)).toBe(0);
	const refused = (await rowsOf('taken', conversations)).filter(({ results }) => results.includes('retry'));
	expect(refused.length).toBeGreaterThan(0);
}, 150_000);

test('a Meta that is away for a whole minute costs no message, and what waited leaves by itself when it is back', async () => {
	const [conversations, each] = [100, 10];
	await simulator().faults(CLEAR);
	await simulator().post('outage', { mode: 'unavailable', seconds: 60 });
	await queueLoad(stack.sql, { channelId, name: 'minute', conversations, each });
	await expect.poll(left, { timeout: 160_000, interval: 250 }).toBe(0);
	await wait(2_000);
	expect(await expectWhole('minute', conversations, each)).toBe(0);
}, 200_000);
