import { decryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWhatsAppSimulator } from '../../simulators/whatsapp/index.ts';
import { useDatabase } from '../../tests/database/database.ts';
import { NUMBERS, uuid } from '../../tests/database/people.ts';
import { SECRETS_KEY } from '../whatsapp/process.testing.ts';
import { startChannels, type RunningFunction } from './process.testing.ts';

const database = useDatabase();
const tenant_id = uuid('padaria');
const waba_id = '202290129340398';
const token = 'EAAnewTokenOfTheBakery0001';
const business = (phone_number_id: string, waba = waba_id) => ({
	name: 'Padaria Filial',
	phone_number_id,
	waba_id: waba,
	display_phone_number: '551130030077',
	tokens: [token, `${token}-second`]
});

let simulator: Awaited<ReturnType<typeof startWhatsAppSimulator>>;
let channels: RunningFunction;

beforeAll(async () => {
	simulator = await startWhatsAppSimulator({
		businesses: [business('206540352242901'), business('206540352242902'), business(NUMBERS.oficina)]
	});
	channels = await startChannels(database.url('prosa_channels'), simulator.url);
});
afterAll(async () => {
	await channels.stop();
	await simulator.close();
});
beforeEach(() => {
	simulator.world.platform.reset();
	simulator.world.subscribe(waba_id, false);
});

const input = { tenant_id, token, waba_id, phone_number_id: '206540352242901', name: 'Filial' };

async function secretsOf(channel: string): Promise<Record<string, string>> {
	const keys = await readSecretKeys(SECRETS_KEY);
	const rows = await database.owner<{ name: string; key_id: string; nonce: Buffer; ciphertext: Buffer }[]>`
		select name, key_id, nonce, ciphertext from private.channel_secrets where channel_id = ${channel}`;
	const open = rows.map(async ({ name, key_id, nonce, ciphertext }) => {
		const secret = { key_id, nonce: Uint8Array.from(nonce), ciphertext: Uint8Array.from(ciphertext) };
		return [name, await decryptSecret(keys, secret, `${channel}:${name}`)] as const;
	});
	return Object.fromEntries(await Promise.all(open));
}

test('a token is told good with its scopes, end and accounts, and never told again', async () => {
	const ends = Math.floor(Date.now() / 1000) + 5 * 86_400;
	simulator.world.platform.setToken(token, { expires_at: ends });
	const answer = await channels.call('inspect', { tenant_id, token });
	expect(answer).toMatchObject({
		status: 200,
		body: { token: { expires_at: new Date(ends * 1000).toISOString(), waba_ids: [waba_id] } }
	});
	expect(JSON.stringify(answer.body)).not.toContain(token);
});

test('each thing that can be wrong with a token has its own code', async () => {
	const inspect = async () => (await channels.call('inspect', { tenant_id, token })).body.message;
	simulator.world.platform.setToken(token, { scopes: ['whatsapp_business_messaging'] });
	expect(await inspect()).toBe('token_scopes_missing');
	simulator.world.platform.setToken(token, { expires_at: 1 });
	expect(await inspect()).toBe('token_expired');
	simulator.world.platform.setToken(token, { expires_at: 0, valid: false });
	expect(await inspect()).toBe('token_invalid');
	expect((await channels.call('inspect', { tenant_id, token: 'nobody-gave-this-one-out' })).body.message).toBe(
		'token_invalid'
	);
	simulator.world.platform.management = { refuse_code: 2, refuse_subscription: false };
	expect(await inspect()).toBe('graph_unreachable');
	expect((await channels.call('inspect', { tenant_id, token: 'kurz' })).body.message).toBe('input_invalid');
});

test('the numbers of an account are shown with those taken, not by whom', async () => {
	const answer = await channels.call('numbers', { tenant_id, token, waba_id });
	expect(answer.body.numbers).toMatchObject([
		{ id: '206540352242901', place: null, status: 'CONNECTED' },
		{ id: '206540352242902', place: null },
		{ id: NUMBERS.oficina, place: 'elsewhere' }
	]);
	expect((await channels.call('numbers', { tenant_id, token, waba_id: '999999' })).body.message).toBe(
		'account_not_found'
	);
});

test('only who manages channels gets to ask, and a stranger is told nothing', async () => {
	for (const [person, status, code] of [
		[null, 401, 'not_signed_in'],
		['sofia', 403, 'not_allowed'],
		['caio', 403, 'not_allowed'],
		['bruno', 404, 'tenant_not_found'],
		['olga', 404, 'tenant_not_found']
	] as const) {
		for (const action of ['inspect', 'numbers', 'connect']) {
			const answer = await channels.call(action, input, person);
			expect([answer.status, answer.body.message], `${person} ${action}`).toEqual([status, code]);
		}
	}
	const channel_id = uuid('padaria channel');
	expect((await channels.call('token', { channel_id, token }, 'bruno')).body.message).toBe('channel_not_found');
	expect((await channels.call('subscribe', { channel_id }, 'sofia')).body.message).toBe('not_allowed');
});

test('a number is connected with its secrets encrypted, its webhooks asked for, and its facts known', async () => {
	simulator.world.platform.setNumber('206540352242901', {
		quality_rating: 'YELLOW',
		throughput: 'HIGH',
		messaging_limit: 'TIER_10K'
	});
	const answer = await channels.call('connect', { ...input, app_secret: 'a1'.repeat(16) });
	expect(answer.status).toBe(200);
	const id = String(answer.body.channel_id);
	expect(simulator.world.subscription(waba_id)).toBe(true);
	const [row] = await database.owner`select * from public.channels where id = ${id}`;
	expect(row).toMatchObject({
		tenant_id,
		name: 'Filial',
		status: 'connected',
		quality_rating: 'YELLOW',
		messages_per_second: 1000,
		messaging_limit: 10_000,
		display_phone_number: '+55 11 3003-0077'
	});
	expect(await secretsOf(id)).toEqual({
		access_token: token,
		app_secret: 'a1'.repeat(16),
		verify_token: answer.body.verify_token
	});
	const [audit] = await database.owner`
		select actor_id, after from public.audit_log where table_name = 'channel_secrets' and row_id = ${id}`;
	expect(audit).toEqual({
		actor_id: uuid('ana'),
		after: { changed: ['access_token', 'app_secret', 'verify_token'] }
	});
	const jobs = await database.owner`
		select from graphile_worker.jobs where task_identifier = 'webhook_events__claim' and key = ${`claim:${id}`}`;
	expect(jobs).toHaveLength(1);
	expect((await channels.call('connect', input)).body.message).toBe('number_taken');
});

test('a number connected elsewhere, of another account, or whose webhooks Meta withholds leaves no trace', async () => {
	const count = async () => Number((await database.owner`select count(*) from public.channels`)[0]?.count);
	const before = await count();
	const message = async (change: object) => (await channels.call('connect', { ...input, ...change })).body.message;
	expect(await message({ phone_number_id: NUMBERS.oficina })).toBe('number_taken');
	expect(await message({ phone_number_id: '77777' })).toBe('number_not_found');
	simulator.world.platform.management = { refuse_code: null, refuse_subscription: true };
	expect(await message({ phone_number_id: '206540352242902' })).toBe('token_scopes_missing');
	expect(await count()).toBe(before);
});

test('a number not yet registered asks for its PIN, and is registered with the right one', async () => {
	const phone_number_id = '206540352242902';
	simulator.world.platform.setNumber(phone_number_id, { status: 'PENDING', pin: '246810' });
	const connect = (pin?: string) => channels.call('connect', { ...input, phone_number_id, pin });
	expect((await connect()).body.message).toBe('number_not_registered');
	expect((await connect('111111')).body.message).toBe('number_pin_wrong');
	expect((await connect('246810')).status).toBe(200);
});

test('a new token takes a channel that needed attention back into use', async () => {
	const [channel] = await database.owner`
		update public.channels set status = 'attention', status_detail = '{"code": 190}'
		where phone_number_id = '206540352242901' returning id`;
	const channel_id = String(channel?.id);
	expect((await channels.call('token', { channel_id, token: 'nobody-gave-this-one-out' })).body.message).toBe(
		'token_invalid'
	);
	expect((await channels.call('token', { channel_id, token: `${token}-second` })).status).toBe(200);
	const [after] = await database.owner`select status from public.channels where id = ${channel_id}`;
	expect(after?.status).toBe('connected');
	expect((await secretsOf(channel_id)).access_token).toBe(`${token}-second`);
	simulator.world.subscribe(waba_id, false);
	expect((await channels.call('subscribe', { channel_id })).body).toEqual({ subscribed: true });
});

test('it speaks CORS, takes POST alone, limits one person, and writes no token into its log', async () => {
	const preflight = await channels.ask('/channels/connect', { method: 'OPTIONS' });
	expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
	expect((await channels.ask('/channels/connect', { method: 'GET' })).status).toBe(405);
	expect((await channels.ask('/channels/nothing', { method: 'POST' })).status).toBe(404);
	const answers = await Promise.all(Array.from({ length: 60 }, () => channels.call('inspect', {}, 'gabi')));
	expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
	expect(channels.log()).not.toContain('EAAnew');
});
