import { encryptSecret, readSecretKeys, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { randomBytes } from 'node:crypto';
import type { JobHelpers } from 'graphile-worker';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, receive, textFrom } from '../../../tests/database/deliveries.ts';
import { uuid } from '../../../tests/database/people.ts';
import { answer, customerWrites } from '../../../tests/database/threads.ts';
import type { ReceiptAnswer } from '../graph/receipts.ts';
import { receiptSend } from './receipt__send.ts';

const database = useDatabase();
const channel = uuid('padaria channel');
let keys: SecretKeys;
let told: { id: string; typing: boolean }[];
let meta: ReceiptAnswer;

beforeAll(async () => {
	keys = await readSecretKeys(`k1:${randomBytes(32).toString('base64')}`);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channel}:access_token`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${channel}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
});

beforeEach(() => {
	told = [];
	meta = { type: 'told' };
});

const helpers = { logger: { warn: () => {} } } as unknown as JobHelpers;

/** Does the jobs that wait for a conversation, as the worker would. */
async function work(conversationId: string): Promise<void> {
	const jobs = await database.owner<{ key: string; payload: unknown }[]>`
		select j.key, p.payload
		from graphile_worker.jobs j
		join graphile_worker._private_jobs p on p.id = j.id
		where j.task_identifier = 'receipt__send' and j.key like ${`%:${conversationId}`}
		order by j.key`;
	await database.owner`select graphile_worker.remove_job(key) from unnest(${jobs.map(({ key }) => key)}::text[]) key`;
	const receipts = {
		markRead: async (_number: string, token: string, id: string, typing: boolean) => {
			expect(token).toBe('EAAtoken');
			told.push({ id, typing });
			return meta;
		}
	};
	const task = receiptSend({ db: database.worker, receipts, keys });
	for (const { payload } of jobs) await task(payload, helpers);
}

const read = (id: string, seq: number) =>
	database.as('caio', (sql) => sql`select read_seq from public.mark_read(${id}, ${seq})`);
const type = (id: string) => database.as('caio', (sql) => sql`select public.show_typing(${id})`);
const externalId = async (id: string, seq: number) => {
	const [row] = await database.owner<{ external_id: string }[]>`
		select external_id from public.messages where conversation_id = ${id} and seq = ${seq}`;
	return row?.external_id ?? '';
};

test('who reads three messages has the customer told once, of the newest', async () => {
	const { id, phone } = await customerWrites(database, 'um');
	for (const text of ['dois', 'três']) await receive(database.door, [delivery([textFrom(phone, text)])]);
	for (const seq of [1, 2, 3]) await read(id, seq);
	await work(id);
	expect(told).toEqual([{ id: await externalId(id, 3), typing: false }]);

	await read(id, 3);
	await work(id);
	expect(told).toHaveLength(1);
});

test('what was not read yet is not told', async () => {
	const { id, phone } = await customerWrites(database, 'um');
	await receive(database.door, [delivery([textFrom(phone, 'dois')])]);
	await read(id, 1);
	await work(id);
	expect(told).toEqual([{ id: await externalId(id, 1), typing: false }]);
});

test('an answer tells that the question was read', async () => {
	const { id } = await customerWrites(database);
	await answer(database, 'caio', id);
	await work(id);
	expect(told).toEqual([{ id: await externalId(id, 1), typing: false }]);
	await answer(database, 'caio', id);
	await work(id);
	expect(told).toHaveLength(1);
});

test('typing shows at most once in twenty seconds, with what is the newest then', async () => {
	const { id } = await customerWrites(database);
	for (let key = 0; key < 5; key++) await type(id);
	await work(id);
	for (let key = 0; key < 5; key++) await type(id);
	await work(id);
	expect(told).toEqual([{ id: await externalId(id, 1), typing: true }]);

	await database.owner`update private.receipts set typed_at = now() - interval '21 seconds' where conversation_id = ${id}`;
	await type(id);
	await work(id);
	expect(told).toHaveLength(2);
});

test('typing that comes late is not shown', async () => {
	const { id } = await customerWrites(database);
	await type(id);
	await database.owner`update private.receipts set typed_at = now() - interval '21 seconds' where conversation_id = ${id}`;
	await work(id);
	expect(told).toEqual([]);
});

test('a company may keep to itself what it has read', async () => {
	const { id } = await customerWrites(database);
	await database.as(
		'ana',
		(sql) => sql`update public.tenants set send_read_receipts = false where id = ${uuid('padaria')}`
	);
	await read(id, 1);
	await type(id);
	await work(id);
	expect(told).toEqual([]);
	await database.owner`update public.tenants set send_read_receipts = true where id = ${uuid('padaria')}`;
});

test('what is older than thirty days is not told', async () => {
	const { id } = await customerWrites(database);
	await database.owner`update public.messages set sent_at = now() - interval '31 days' where conversation_id = ${id}`;
	await read(id, 1);
	await work(id);
	expect(told).toEqual([]);
});

test('what Meta refuses is not tried again, and says nothing about the channel', async () => {
	const { id } = await customerWrites(database);
	meta = { type: 'refused', status: 400, error: { code: 131009, title: 'too old', details: null } };
	await read(id, 1);
	await work(id);
	await database.owner`update public.conversations set read_seq = 0, unread_count = 1 where id = ${id}`;
	await read(id, 1);
	await work(id);
	expect(told).toHaveLength(1);
	const [row] = await database.owner`select status from public.channels where id = ${channel}`;
	expect(row?.status).toBe('connected');
});

test('what did not reach Meta is tried again, three times at most', async () => {
	const { id } = await customerWrites(database);
	meta = { type: 'unreached', reason: 'ECONNREFUSED' };
	await read(id, 1);
	const [job] = await database.owner`select max_attempts from graphile_worker.jobs where key = ${`receipt:${id}`}`;
	expect(job).toEqual({ max_attempts: 3 });
	await expect(work(id)).rejects.toThrow('ECONNREFUSED');
});

test('a token that Meta refuses holds the channel', async () => {
	const { id } = await customerWrites(database);
	meta = { type: 'refused', status: 401, error: { code: 190, title: 'expired', details: null } };
	await read(id, 1);
	await work(id);
	const [row] = await database.owner`select status, status_detail from public.channels where id = ${channel}`;
	expect(row).toEqual({ status: 'attention', status_detail: { code: 190, title: 'expired', details: null } });
});
