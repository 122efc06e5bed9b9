import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../tests/database/database.ts';
import { NUMBERS, uuid } from '../../tests/database/people.ts';
import {
	freePort,
	SECRETS_KEY,
	signature,
	startDoor,
	VERIFY_TOKEN,
	APP_SECRET,
	type RunningDoor
} from './process.testing.ts';

const database = useDatabase();
let door: RunningDoor;

beforeAll(async () => {
	door = await startDoor(database.url('prosa_door'));
});
afterAll(() => door.stop());

const hook = (messages: object[], number = NUMBERS.padaria) => ({
	object: 'whatsapp_business_account',
	entry: [{ id: '1', changes: [{ field: 'messages', value: { metadata: { phone_number_id: number }, messages } }] }]
});
const text = (body: string, from = '5511987650001', id = `wamid.${randomUUID()}`) => ({
	from,
	id,
	timestamp: '1790000000',
	type: 'text',
	text: { body }
});
const stored = async (body: string) => (await database.owner`select 1 from messages where body = ${body}`).length;
const events = async () => Number((await database.owner`select count(*) from webhook_events`)[0]?.count);

describe('verification', () => {
	const query = (token: string, mode = 'subscribe') =>
		`?hub.mode=${mode}&hub.verify_token=${encodeURIComponent(token)}&hub.challenge=1158201444`;

	test('Meta gets its challenge back for the right token, as plain text', async () => {
		const answer = await door.get(`/whatsapp${query(VERIFY_TOKEN)}`);
		expect([answer.status, answer.text]).toEqual([200, '1158201444']);
		expect(answer.headers.get('content-type')).toMatch('text/plain');
	});

	test('a wrong token, another mode or nothing at all is forbidden', async () => {
		for (const path of [
			query('guess'),
			query(VERIFY_TOKEN, 'unsubscribe'),
			'',
			'?hub.mode=subscribe',
			`?hub.mode=subscribe&hub.verify_token=${encodeURIComponent(VERIFY_TOKEN)}`
		]) {
			expect((await door.get(`/whatsapp${path}`)).status).toBe(403);
		}
	});
});

describe('a webhook', () => {
	test('is committed when 200 is answered', async () => {
		const answer = await door.post(JSON.stringify(hook([text('Bom dia')])));
		expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { stored: 1, duplicate: 0, failed: 0 }]);
		expect(await stored('Bom dia')).toBe(1);
	});

	test('is signed over its raw bytes: any spelling of the JSON, escapes and accents', async () => {
		const body = `  ${JSON.stringify(hook([text('coração')])).replace('çã', '\\u00e7\\u00E3')}\n`;
		expect((await door.post(body)).status).toBe(200);
		expect(await stored('coração')).toBe(1);
		const [{ raw } = { raw: '' }] = await database.owner`select raw from webhook_events where raw like '%u00e7%'`;
		expect(raw).toBe(body);
	});

	test('without a proper signature is refused and leaves nothing', async () => {
		const before = await events();
		const body = JSON.stringify(hook([text('falsa')]));
		for (const secret of [null, 'another secret', '']) expect((await door.post(body, { secret })).status).toBe(401);
		expect(await stored('falsa')).toBe(0);
		expect(await events()).toBe(before);
	});

	test('delivered three times, also at once, is one message', async () => {
		const body = JSON.stringify(hook([text('três vezes')]));
		await Promise.all([door.post(body), door.post(body)]);
		await door.post(body);
		expect(await stored('três vezes')).toBe(1);
		const [event] = await database.owner`select deliveries from webhook_events where raw = ${body}`;
		expect(event).toEqual({ deliveries: 3 });
	});

	test('that is not JSON is kept as it came and answered 200', async () => {
		const odd: [string | Uint8Array<ArrayBuffer>, string][] = [
			['{"half":', '{"half":'],
			['', ''],
			[new Uint8Array([0xff, 0xfe, 0x00]), '//4A'],
			[new Uint8Array([0x61, 0x00, 0x62]), 'YQBi']
		];
		for (const [body, raw] of odd) {
			expect((await door.post(body)).status).toBe(200);
			expect(await database.owner`select raw from webhook_events where raw = ${raw}`).toHaveLength(1);
		}
	});

	test('for a number nobody connected is kept and answered 200', async () => {
		const body = JSON.stringify(hook([text('alguém aí?')], '999999999999999'));
		expect((await door.post(body)).status).toBe(200);
		expect(await database.owner`select status, tenant_id from webhook_events where raw = ${body}`).toEqual([
			{ status: 'unclaimed', tenant_id: null }
		]);
	});

	test('of 3 MB is taken whole; a larger one is refused', async () => {
		const body = JSON.stringify(hook(Array.from({ length: 40 }, (_, index) => text(`${'x'.repeat(75_000)}${index}`))));
		expect(body.length).toBeGreaterThan(3_000_000);
		expect((await door.post(body)).status).toBe(200);
		expect(await database.owner`select 1 from messages where length(body) > 75000`).toHaveLength(40);
		expect((await door.post(' '.repeat(5_000_000))).status).toBe(413);
	});

	test('of unannounced length is read no further than the limit', async () => {
		const small = JSON.stringify(hook([text('aos pedaços')]));
		expect(await postInChunks([small.slice(0, 50), small.slice(50)], signature(APP_SECRET, small))).toBe(200);
		expect(await stored('aos pedaços')).toBe(1);
		expect(await postInChunks(Array<string>(6).fill('y'.repeat(1_000_000)), 'sha256=')).toBe(413);
	});

	test('with many entries, changes and messages loses none, also beside a broken one', async () => {
		const change = (...bodies: string[]) => hook(bodies.map((body) => text(body))).entry[0];
		const body = { object: 'whatsapp_business_account', entry: [change('a1', 'a2'), change('b1'), null, change('c1')] };
		expect((await door.post(JSON.stringify(body))).status).toBe(200);
		for (const said of ['a1', 'a2', 'b1', 'c1']) expect(await stored(said)).toBe(1);
	});

	test('that Postgres cannot store in one of its events still lets the others through', async () => {
		const id = 'wamid.' + Array.from({ length: 480 }, () => Math.random().toString(36)[2]).join('');
		const body = JSON.stringify(hook([text('antes'), { ...text('nome estranho'), id }, text('depois \u0000 zero')]));
		expect((await door.post(body)).status).toBe(200);
		expect([await stored('antes'), await stored('depois  zero')]).toEqual([1, 1]);
	});

	test('in a flood of two hundred, each gets its own answer and none is lost', async () => {
		const bodies = Array.from({ length: 200 }, (_, index) =>
			JSON.stringify(hook([text(`flood ${index}`, `55119876${50000 + (index % 20)}`)]))
		);
		const answers = await Promise.all(bodies.map((body) => door.post(body)));
		expect(answers.map(({ text }): unknown => JSON.parse(text))).toEqual(
			Array(200).fill({ stored: 1, duplicate: 0, failed: 0 })
		);
		expect(await database.owner`select 1 from messages where body like 'flood %'`).toHaveLength(200);
	});
});

test('other methods and other addresses get their proper answers', async () => {
	for (const method of ['PUT', 'DELETE', 'PATCH'])
		expect((await fetch(`${door.address}/whatsapp`, { method })).status).toBe(405);
	expect((await door.post('{}', { path: '/whatsapp/not-a-channel' })).status).toBe(404);
	expect((await door.post('{}', { path: `/whatsapp/${randomUUID()}` })).status).toBe(404);
	expect(
		(await door.get(`/whatsapp/${randomUUID()}?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1`)).status
	).toBe(404);
});

describe("a tenant's own app", () => {
	const channel = uuid('oficina channel');

	beforeAll(async () => {
		const keys = await readSecretKeys(SECRETS_KEY);
		for (const [name, value] of [
			['app_secret', 'segredo da oficina'],
			['verify_token', 'ficha da oficina']
		] as const) {
			const { key_id, nonce, ciphertext } = await encryptSecret(keys, value, `${channel}:${name}`);
			await database.owner`insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext) values (${channel}, ${name}, ${key_id}, ${nonce}, ${ciphertext})`;
		}
	});

	test('has its own token and its own secret, and ours opens nothing there', async () => {
		const path = `/whatsapp/${channel}`;
		const query = (token: string) =>
			`${path}?hub.mode=subscribe&hub.challenge=7&hub.verify_token=${encodeURIComponent(token)}`;
		expect((await door.get(query('ficha da oficina'))).text).toBe('7');
		expect((await door.get(query(VERIFY_TOKEN))).status).toBe(403);
		const body = JSON.stringify(hook([text('meu carro está pronto?')], NUMBERS.oficina));
		expect((await door.post(body, { path, secret: APP_SECRET })).status).toBe(401);
		expect((await door.post(body, { path, secret: 'segredo da oficina' })).status).toBe(200);
		expect(await stored('meu carro está pronto?')).toBe(1);
	});

	test('cannot write into another tenant, however it signs', async () => {
		const body = JSON.stringify(hook([text('intruso')], NUMBERS.padaria));
		const answer = await door.post(body, { path: `/whatsapp/${channel}`, secret: 'segredo da oficina' });
		expect(answer.status).toBe(200);
		expect(await database.as('ana', (sql) => sql`select 1 from messages where body = 'intruso'`)).toHaveLength(0);
	});
});

test('killed at work, the door has lost nothing it said was taken', async () => {
	const doomed = await startDoor(database.url('prosa_door'));
	const taken: string[] = [];
	const sent = Array.from({ length: 400 }, async (_, index) => {
		const answer = await doomed.post(JSON.stringify(hook([text(`doomed ${index}`)])));
		if (answer.status === 200 && taken.push(`doomed ${index}`) === 40) await doomed.stop();
	});
	await Promise.allSettled(sent);
	expect(taken.length).toBeGreaterThanOrEqual(40);
	expect(taken.length).toBeLessThan(400);
	const kept = await database.owner`select body from messages where body = any (${taken})`;
	expect(kept).toHaveLength(taken.length);
});

test('a connection the database cut is made anew, and nothing that was answered is lost', async () => {
	const bodies = Array.from({ length: 60 }, (_, index) => JSON.stringify(hook([text(`cut ${index}`)])));
	const sent = Promise.all(bodies.map((body) => door.post(body)));
	await database.owner`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'prosa door' and datname = current_database()`;
	const answers = await sent;
	const committed = answers.filter(({ status }) => status === 200).length;
	expect(await database.owner`select 1 from messages where body like 'cut %'`).toHaveLength(committed);
	const again = await Promise.all(bodies.map((body) => door.post(body)));
	expect(again.map(({ status }) => status)).toEqual(bodies.map(() => 200));
	expect(await database.owner`select 1 from messages where body like 'cut %'`).toHaveLength(60);
});

test('while the database is away Meta is asked to come again', async () => {
	const lonely = await startDoor(`postgresql://prosa_door:postgres@127.0.0.1:${await freePort()}/postgres`);
	try {
		const answer = await lonely.post(JSON.stringify(hook([text('tem alguém?')])));
		expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
		expect((await lonely.post('{}', { path: `/whatsapp/${randomUUID()}` })).status).toBe(503);
		expect((await lonely.post('{}', { secret: 'wrong' })).status).toBe(401);
	} finally {
		await lonely.stop();
	}
});

/** Posts without a content-length. */
function postInChunks(chunks: string[], header: string): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		const sent = request(
			`${door.address}/whatsapp`,
			{ method: 'POST', headers: { 'x-hub-signature-256': header } },
			(response) => {
				response.resume();
				resolve(response.statusCode);
			}
		);
		sent.on('error', reject);
		for (const chunk of chunks) sent.write(chunk);
		sent.end();
	});
}
