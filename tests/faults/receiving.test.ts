import { expect, test } from 'vitest';
import { useStack } from './stack.ts';
import { deliver, deliveries, type Delivery } from './webhooks.ts';

const stack = useStack();

/** Each delivery's number of rows in `messages`. */
async function rowsOf(all: Delivery[]): Promise<number[]> {
	const rows = await stack.sql<{ external_id: string; count: number }[]>`
		select external_id, count(*)::integer from public.messages
		where external_id = any(${all.map(({ wamid }) => wamid)}) group by external_id`;
	const counts = new Map(rows.map(({ external_id, count }) => [external_id, count]));
	return all.map(({ wamid }) => counts.get(wamid) ?? 0);
}

/** Every thread numbers its messages 1, 2, 3 … without gap, and its conversation knows the last. */
async function brokenThreads(): Promise<readonly unknown[]> {
	return stack.sql`
		select c.id from public.conversations c join public.messages m on m.conversation_id = c.id
		group by c.id having count(*) <> c.last_seq or min(m.seq) <> 1 or max(m.seq) <> c.last_seq or count(distinct m.seq) <> count(*)`;
}

async function killOneOf(command: RegExp): Promise<number> {
	const [pid] = stack.pids(command);
	if (pid === undefined) throw new Error(`no process says ${command}`);
	process.kill(pid, 'SIGKILL');
	return pid;
}

/** Waits until part of the load has been taken, so that what comes next happens in the middle of it. */
const underWay = (all: Delivery[], count: number) =>
	expect.poll(() => all.filter(({ taken }) => taken).length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(count);

test('the door killed under load is back by itself, and each message is there once', async () => {
	const all = deliveries(stack.facts, 900, 60);
	const delivered = deliver(stack.facts, all);
	await underWay(all, 200);
	const first = await killOneOf(/deno/);
	await underWay(all, 500);
	const second = await killOneOf(/deno/);
	expect(second).not.toBe(first);
	await delivered;
	expect(await rowsOf(all)).toEqual(all.map(() => 1));
	expect(await brokenThreads()).toEqual([]);
});

test('a database connection killed under load, which makes Postgres recover, loses and repeats nothing', async () => {
	const all = deliveries(stack.facts, 900, 60);
	const delivered = deliver(stack.facts, all);
	await underWay(all, 200);
	const [door] = await stack.sql<
		{ pid: number }[]
	>`select pid from pg_stat_activity where usename = 'prosa_door' limit 1`;
	process.kill(door?.pid ?? 0, 'SIGKILL');
	expect(all.every(({ taken }) => taken)).toBe(false);
	await delivered;
	expect(await rowsOf(all)).toEqual(all.map(() => 1));
	expect(await brokenThreads()).toEqual([]);
	expect(stack.parent.process.exitCode, 'the stack goes on').toBeNull();
});

test('Postgres killed outright takes the stack down tidily; started again, each message is there once', async () => {
	const all = deliveries(stack.facts, 900, 60);
	const halt = new AbortController();
	const delivered = deliver(stack.facts, all, halt.signal);
	await underWay(all, 200);
	await killOneOf(/bin\/postgres .*-D/);
	expect(await stack.parent.ended).toBe(1);
	halt.abort();
	await delivered;
	expect(stack.parent.output()).toContain('Postgres has stopped by itself');
	await expect.poll(() => stack.processes(), { timeout: 10_000 }).toEqual([]);

	await stack.start();
	const answered = all.filter(({ taken }) => taken);
	expect(answered.length).toBeLessThan(all.length);
	expect(await rowsOf(answered)).toEqual(answered.map(() => 1));
	await deliver(stack.facts, all);
	expect(await rowsOf(all)).toEqual(all.map(() => 1));
	expect(await brokenThreads()).toEqual([]);
});

test('the gateway’s process killed outright leaves nothing behind; started again, each message is there once', async () => {
	const all = deliveries(stack.facts, 900, 60);
	const halt = new AbortController();
	const delivered = deliver(stack.facts, all, halt.signal);
	await underWay(all, 200);
	stack.parent.process.kill('SIGKILL');
	await stack.parent.ended;
	halt.abort();
	await delivered;
	await expect.poll(() => stack.processes(), { timeout: 10_000 }).toEqual([]);

	await stack.start();
	const answered = all.filter(({ taken }) => taken);
	expect(answered.length).toBeLessThan(all.length);
	expect(await rowsOf(answered)).toEqual(answered.map(() => 1));
	await deliver(stack.facts, all);
	expect(await rowsOf(all)).toEqual(all.map(() => 1));
	expect(await brokenThreads()).toEqual([]);
});
