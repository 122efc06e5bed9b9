import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, textFrom } from '../../../tests/database/deliveries.ts';
import { uuid } from '../../../tests/database/people.ts';
import { queueLoad } from '../../../tests/outbox_load.ts';
import { readEnvironment } from '../environment.ts';
import { createLog } from '../log.ts';
import { startWorker, type RunningWorker } from '../worker.ts';
import { refuse, startTestGraph, type TestGraph } from './graph.testing.ts';

const database = useDatabase();
const SECRETS_KEY = `k1:${randomBytes(32).toString('base64')}`;
const channel = uuid('padaria channel');

let graph: TestGraph;
let worker: RunningWorker | undefined;
let child: ChildProcess | undefined;

beforeAll(async () => {
	const keys = await readSecretKeys(SECRETS_KEY);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channel}:access_token`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${channel}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
});

beforeEach(async () => {
	graph = await startTestGraph();
});

afterEach(async () => {
	await worker?.stop();
	worker = undefined;
	child?.kill('SIGKILL');
	child = undefined;
	await graph.close();
});

function environment() {
	return { SUPABASE_DB_URL: database.url('prosa_worker'), SECRETS_KEY, GRAPH_API_URL: graph.url, LOG_LEVEL: 'error' };
}

async function start(patience?: number): Promise<void> {
	worker = await startWorker(readEnvironment(environment()), createLog('silent'), patience);
}

/** A customer writes, from a phone of their own, so that Ana can answer. */
async function conversationWith(phone: string): Promise<string> {
	await database.door`select private.receive(${database.door.json([delivery([textFrom(phone, 'Bom dia!')])] as never)})`;
	const [row] = await database.owner<{ id: string }[]>`
		select c.id from public.conversations c
		join public.contact_identities i on i.contact_id = c.contact_id and i.value = ${phone}`;
	return row?.id ?? '';
}

async function anaSays(conversation: string, text: string, quoted: string | null = null): Promise<string> {
	const [message] = await database.as(
		'ana',
		(sql) => sql<{ id: string }[]>`
			select * from public.send_message(${conversation}, ${randomUUID()}, ${sql.json({ kind: 'text', text })}, ${quoted})`
	);
	return message?.id ?? '';
}

async function message(id: string) {
	const [row] = await database.owner<{ status: string; external_id: string | null; error: { code: unknown } | null }[]>`
		select status, external_id, error from public.messages where id = ${id}`;
	return row;
}

const until = (what: () => Promise<void>, timeout = 5_000) => vi.waitFor(what, { timeout, interval: 20 });

test('answers leave in the order they were written, once each, and are known by Meta’s ids', async () => {
	const conversation = await conversationWith('5511987650101');
	const ids: string[] = [];
	for (const text of ['um', 'dois', 'três']) ids.push(await anaSays(conversation, text));
	await start();
	await until(async () => expect((await message(ids[2] ?? ''))?.status).toBe('sent'));

	expect(graph.calls.map(({ text, to, opaque }) => [text, to, opaque])).toEqual([
		['um', '5511987650101', ids[0]],
		['dois', '5511987650101', ids[1]],
		['três', '5511987650101', ids[2]]
	]);
	expect(graph.calls[0]?.authorization).toBe('Bearer EAAtoken');
	expect(await message(ids[0] ?? '')).toMatchObject({ status: 'sent', external_id: `wamid.${ids[0]}` });
});

test('an answer leaves at once, while the worker waits for nothing else', async () => {
	await start();
	const conversation = await conversationWith('5511987650102');
	const asked = performance.now();
	await anaSays(conversation, 'Já vai!');
	await until(async () => expect(graph.calls).toHaveLength(1));
	expect(performance.now() - asked).toBeLessThan(500);
});

test('an answer that quotes names the quoted message', async () => {
	const conversation = await conversationWith('5511987650103');
	const [asked] = await database.owner<{ id: string; external_id: string }[]>`
		select id, external_id from public.messages where conversation_id = ${conversation}`;
	await anaSays(conversation, 'Bom dia para você', asked?.id ?? null);
	await start();
	await until(async () => expect(graph.calls[0]?.context).toBe(asked?.external_id));
});

test('what Meta refuses for good fails with its reason, and what follows still leaves', async () => {
	const conversation = await conversationWith('5511987650104');
	const first = await anaSays(conversation, 'um');
	const second = await anaSays(conversation, 'dois');
	const accept = graph.answer;
	graph.answer = (call, response) => (call.text === 'um' ? refuse(400, 131026) : accept)(call, response);
	await start();
	await until(async () => expect((await message(second))?.status).toBe('sent'));
	expect(await message(first)).toMatchObject({ status: 'failed', error: { code: 131026 } });
});

test('what Meta is too busy for is tried again, and nothing overtakes it', async () => {
	const conversation = await conversationWith('5511987650105');
	const first = await anaSays(conversation, 'um');
	const second = await anaSays(conversation, 'dois');
	const accept = graph.answer;
	graph.answer = (call, response) => (graph.calls.length === 1 ? refuse(429, 130429) : accept)(call, response);
	await start();
	await until(async () => expect((await message(second))?.status).toBe('sent'), 10_000);
	expect(graph.calls.map(({ opaque }) => opaque)).toEqual([first, first, second]);
});

test('a token that no longer holds keeps the outbox until the channel is well again', async () => {
	const conversation = await conversationWith('5511987650106');
	const id = await anaSays(conversation, 'um');
	const accept = graph.answer;
	graph.answer = refuse(401, 190);
	await start();
	const status = async () => {
		const [row] = await database.owner<{ status: string }[]>`select status from public.channels where id = ${channel}`;
		return row?.status;
	};
	await until(async () => expect(await status()).toBe('attention'));
	expect(await message(id)).toMatchObject({ status: 'queued' });

	graph.answer = accept;
	await database.owner`update public.channels set status = 'connected', status_detail = null where id = ${channel}`;
	await until(async () => expect((await message(id))?.status).toBe('sent'));
});

test('a worker killed in the middle of a call never says it twice, and its status webhook settles it', async () => {
	const conversation = await conversationWith('5511987650107');
	const first = await anaSays(conversation, 'um');
	const second = await anaSays(conversation, 'dois');
	const accept = graph.answer;
	graph.answer = () => {}; // the answer never comes
	const main = new URL('../main.ts', import.meta.url).pathname;
	const killed = spawn(process.execPath, [main], { env: { ...process.env, ...environment() }, stdio: 'ignore' });
	child = killed;
	await until(async () => expect(graph.calls).toHaveLength(1), 10_000);
	killed.kill('SIGKILL');

	graph.answer = accept;
	await start();
	await until(async () => expect((await message(second))?.status).toBe('sent'), 20_000);
	expect(graph.calls.map(({ opaque }) => opaque)).toEqual([first, second]);
	expect(await message(first)).toMatchObject({ status: 'sending', external_id: null });

	const status = {
		type: 'status' as const,
		phone_number_id: '106540352242922',
		waba_id: '1065403522429229',
		identities: [{ kind: 'phone' as const, value: '5511987650107', address: '5511987650107' }],
		name: null,
		username: null,
		external_id: 'wamid.told-by-status',
		status: 'delivered' as const,
		at: new Date().toISOString(),
		opaque: first,
		error: null,
		pricing: null
	};
	await database.door`select private.receive(${database.door.json([delivery([status])] as never)})`;
	expect(await message(first)).toMatchObject({ status: 'delivered', external_id: 'wamid.told-by-status' });
}, 40_000);

test('a worker whose connections are all cut goes on as soon as the database is there', async () => {
	const conversation = await conversationWith('5511987650108');
	await start();
	const first = await anaSays(conversation, 'antes');
	await until(async () => expect((await message(first))?.status).toBe('sent'));
	await database.owner`
		select pg_terminate_backend(pid)
		from pg_stat_activity
		where usename = 'prosa_worker'
			and datname = current_database()`;
	const second = await anaSays(conversation, 'depois');
	await until(async () => expect((await message(second))?.status).toBe('sent'), 15_000);
	expect(graph.calls.map(({ opaque }) => opaque)).toEqual([first, second]);
}, 30_000);

test('a worker that can take no more jobs ends, so that another takes its place', async () => {
	await start(500);
	await database.owner`revoke select on graphile_worker._private_jobs from prosa_worker`;
	try {
		await expect(worker?.finished).rejects.toThrow('nothing but errors for 0.5 s');
	} finally {
		await database.owner`grant select on graphile_worker._private_jobs to prosa_worker`;
	}
}, 20_000);

test('the worker’s role touches its queue and nothing else', async () => {
	for (const forbidden of [
		'select from public.messages',
		'select from private.channel_secrets',
		'alter table graphile_worker._private_jobs disable row level security',
		'create or replace function graphile_worker.remove_job(job_key text) returns graphile_worker._private_jobs language sql as $$ select null::graphile_worker._private_jobs $$',
		'delete from graphile_worker.migrations',
		'set role postgres'
	]) {
		await expect(database.worker.unsafe(forbidden), forbidden).rejects.toThrow(/permission denied|must be owner/);
	}
});

test('a busy worker holds few connections: a server gives some dozens to all of them together', async () => {
	await start();
	await queueLoad(database.owner, { channelId: channel, name: 'connections', conversations: 300, each: 2 });
	let most = 0;
	await until(async () => {
		const [row] = await database.owner<{ held: number; left: number }[]>`
			select
				(select count(*)::integer from pg_stat_activity where usename = 'prosa_worker' and datname = current_database()) as held,
				(select count(*)::integer from public.messages where status = 'queued') as left`;
		most = Math.max(most, row?.held ?? Infinity);
		expect(row?.left).toBe(0);
	}, 20_000);
	expect(most).toBeGreaterThan(5);
	expect(most).toBeLessThanOrEqual(24);
});
