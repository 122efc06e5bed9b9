import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { GRAPH_ERRORS } from '@prosa/core/whatsapp/graph_errors.ts';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { uuid } from '../../../tests/database/people.ts';
import { customerWrites, endPause, messageNow, send, type SentMessage } from '../../../tests/database/threads.ts';
import { readEnvironment } from '../environment.ts';
import { createLog } from '../log.ts';
import { accept, refuse, startTestGraph, type TestGraph } from '../tasks/graph.testing.ts';
import { startWorker, type RunningWorker } from '../worker.ts';

/** What is to become of a message that Meta refuses with each code: whatsapp.md, "Errors and what to do". */
const TABLE = {
	retry: [1, 2, 131000, 131016, 131052, 131053, 131057, 133004],
	slow: [130429, 80007, 4],
	pair: [131056],
	later: [131048, 131049],
	optout: [131050],
	template: [132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069],
	hold: [190, 0, 3, 10, 33, 200, 368, 131005, 131031, 131037, 131042, 131045, 133010],
	fail: [131047, 131026, 131021, 131051, 130472, 131062, 131030, 100, 131008, 131009, 135000]
};

const database = useDatabase();
const channel = uuid('padaria channel');
const SECRETS_KEY = `k1:${randomBytes(32).toString('base64')}`;

let graph: TestGraph;
let worker: RunningWorker;

beforeAll(async () => {
	const keys = await readSecretKeys(SECRETS_KEY);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channel}:access_token`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${channel}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
	await database.owner`
		insert into public.templates (tenant_id, waba_id, name, language, external_id, category, status, components)
		select tenant_id, waba_id, 'oferta', 'pt_BR', 'oferta', 'MARKETING', 'APPROVED', '[{"type": "BODY", "text": "Pão com 10 % de desconto"}]'
		from public.channels where id = ${channel}`;
	graph = await startTestGraph();
	const environment = {
		SUPABASE_DB_URL: database.url('prosa_worker'),
		SECRETS_KEY,
		GRAPH_API_URL: graph.url,
		LOG_LEVEL: 'error'
	};
	worker = await startWorker(readEnvironment(environment), createLog('silent'));
});

afterAll(async () => {
	await worker.stop();
	await graph.close();
});

beforeEach(async () => {
	graph.answer = accept;
	await database.owner`update public.templates set status = 'APPROVED', problem = null, paused_until = null`;
	await database.owner`update public.channels set status = 'connected', status_detail = null where status <> 'connected'`;
});

const until = (what: () => Promise<void>) => vi.waitFor(what, { timeout: 10_000, interval: 20 });
const becomes = (id: string, status: string) =>
	until(async () => expect((await messageNow(database, id)).status).toBe(status));

/** A customer gets one message, of which Meta refuses the first `times` calls. */
async function refused(code: number, { status = 400, times = 1, kind = 'text' } = {}) {
	const { id, phone } = await customerWrites(database);
	const content = kind === 'text' ? { kind, text: 'Oi' } : { kind, name: 'oferta', language: 'pt_BR', components: [] };
	let calls = 0;
	graph.answer = (call, response) =>
		(call.to === phone && ++calls <= times ? refuse(status, code) : accept)(call, response);
	const message: SentMessage = await send(database, 'caio', id, content);
	await until(async () => expect(calls).toBeGreaterThan(0));
	return { conversation: id, id: message.id, calls: () => calls };
}

/** A message back in its conversation's queue: seconds until it may go, and how often it was tried. */
async function waiting(conversation: string) {
	let row: { seconds: number; tries: number } | undefined;
	await until(async () => {
		[row] = await database.owner<{ seconds: number; tries: number }[]>`
			select greatest(0, extract(epoch from o.due_at - now()))::float8 as seconds, o.tries
			from private.outbox o
			join public.messages m on m.conversation_id = o.conversation_id and m.status = 'queued'
			where o.conversation_id = ${conversation} and o.attempt_id is null`;
		expect(row).toBeDefined();
	});
	return row;
}

async function channelNow() {
	const [row] = await database.owner<{ status: string; status_detail: { code: number } | null; paused: boolean }[]>`
		select c.status, c.status_detail, coalesce(l.paused_until > now(), false) as paused
		from public.channels c left join private.sending_limits l on l.channel_id = c.id where c.id = ${channel}`;
	return row;
}

/** The pause is over, and whoever waits is looked for. */
async function afterPause(conversation: string): Promise<void> {
	await endPause(database, conversation);
	await database.owner`select private.release_outbox(${channel})`;
}

test('the table of codes has every code we know', () => {
	expect(Object.values(TABLE).flat().sort()).toEqual([...GRAPH_ERRORS.keys()].sort());
});

test.each(TABLE.retry)('%i passes: the message is tried again, later, and leaves', async (code) => {
	const { conversation, id } = await refused(code, { status: 500 });
	expect(await waiting(conversation)).toMatchObject({ tries: 1 });
	expect((await channelNow())?.paused).toBe(false);
	await afterPause(conversation);
	await becomes(id, 'sent');
});

test('trouble at Meta that does not end fails the message in the end, and says why', async () => {
	const { conversation, id, calls } = await refused(131053, { times: 99 });
	for (const tries of [1, 2, 3]) {
		await until(async () => expect(await waiting(conversation)).toMatchObject({ tries }));
		await afterPause(conversation);
	}
	await becomes(id, 'failed');
	expect((await messageNow(database, id)).error).toMatchObject({ code: 131053 });
	expect(calls()).toBe(4);
});

test.each(TABLE.slow)(
	'%i slows the whole channel: nobody else’s message leaves before the pause is over',
	async (code) => {
		const { conversation, id } = await refused(code, { status: 429 });
		await waiting(conversation);
		await until(async () => expect((await channelNow())?.paused).toBe(true));
		await database.owner`update private.sending_limits set paused_until = now() + interval '1 minute'`;
		const other = await customerWrites(database);
		const behind = await send(database, 'caio', other.id, { kind: 'text', text: 'atrás' });
		const before = graph.calls.length;
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(graph.calls).toHaveLength(before);
		expect(await messageNow(database, behind.id)).toMatchObject({ status: 'queued' });
		await afterPause(conversation);
		await becomes(id, 'sent');
		await becomes(behind.id, 'sent');
	}
);

test.each(TABLE.pair)('%i waits four seconds for this person alone', async (code) => {
	const { conversation, id } = await refused(code);
	const wait = await waiting(conversation);
	expect(wait?.seconds).toBeGreaterThan(2);
	expect(wait?.seconds).toBeLessThanOrEqual(4);
	const other = await customerWrites(database);
	await becomes((await send(database, 'caio', other.id, { kind: 'text', text: 'para outra' })).id, 'sent');
	await afterPause(conversation);
	await becomes(id, 'sent');
});

test.each(TABLE.later)('%i fails, with the time from which it may go again', async (code) => {
	const { id, calls } = await refused(code);
	await becomes(id, 'failed');
	const error = (await messageNow(database, id)).error as { code: number; again_at: string };
	expect(error.code).toBe(code);
	expect(Date.parse(error.again_at) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
	expect(calls()).toBe(1);
});

test.each(TABLE.optout)('%i is recorded with the person, and never tried again', async (code) => {
	const { conversation, id, calls } = await refused(code, { kind: 'template' });
	await becomes(id, 'failed');
	const [person] = await database.owner`
		select p.marketing_opt_out, p.marketing_opt_out_at > now() - interval '1 minute' as now
		from public.contacts p join public.conversations c on c.contact_id = p.id where c.id = ${conversation}`;
	expect(person).toEqual({ marketing_opt_out: true, now: true });
	expect(calls()).toBe(1);
});

test.each(TABLE.template)('%i stops the template and fails the message', async (code) => {
	const { id } = await refused(code, { kind: 'template' });
	await becomes(id, 'failed');
	expect((await messageNow(database, id)).error).toMatchObject({ code });
	const [template] = await database.owner`select problem, status from public.templates where name = 'oferta'`;
	expect(template?.problem).toMatchObject({ code: String(code) });
	expect(template?.status).toBe({ 132015: 'PAUSED', 132016: 'DISABLED' }[code] ?? 'APPROVED');
});

test.each(TABLE.hold)(
	'%i holds the channel’s outbox, and what it held leaves once the channel is well',
	async (code) => {
		const { id } = await refused(code, { status: 401 });
		await until(async () => expect(await channelNow()).toMatchObject({ status: 'attention', status_detail: { code } }));
		expect(await messageNow(database, id)).toMatchObject({ status: 'queued', error: null });
		const other = await customerWrites(database);
		const behind = await send(database, 'caio', other.id, { kind: 'text', text: 'atrás' });
		await database.as('ana', (sql) => sql`select public.reconnect_channel(${channel})`);
		await becomes(id, 'sent');
		await becomes(behind.id, 'sent');
	}
);

test.each(TABLE.fail)('%i fails the message at once, with its reason, and the next one leaves', async (code) => {
	const { conversation, id, calls } = await refused(code);
	await becomes(id, 'failed');
	expect((await messageNow(database, id)).error).toMatchObject({ code });
	expect(calls()).toBe(1);
	await becomes((await send(database, 'caio', conversation, { kind: 'text', text: 'outra' })).id, 'sent');
});

test('the database knows the same codes for what a failure means besides', async () => {
	const rows = await database.owner<{ code: number; action: string | null }[]>`
		select code, private.failure_action(code::text) as action from unnest(${[...GRAPH_ERRORS.keys()]}::integer[]) code`;
	const besides = ['later', 'optout', 'template', 'hold'];
	for (const { code, action } of rows) {
		const rule = GRAPH_ERRORS.get(code)?.action ?? '';
		expect([code, action]).toEqual([code, besides.includes(rule) ? rule : null]);
	}
});
