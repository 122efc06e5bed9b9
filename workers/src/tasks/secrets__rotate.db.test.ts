import { decryptSecret, encryptSecret, readSecretKeys, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import type { JobHelpers } from 'graphile-worker';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { uuid } from '../../../tests/database/people.ts';
import { startWhatsAppSimulator } from '../../../simulators/whatsapp/index.ts';
import { channelsCheck } from './channels__check.ts';
import { secretsRotate } from './secrets__rotate.ts';

const database = useDatabase();
const channel = uuid('padaria channel');
const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [old, current, lost] = [key('old'), key('new'), key('lost')];

const warnings: string[] = [];
const helpers = {
	logger: { warn: (text: string) => warnings.push(text) },
	abortSignal: new AbortController().signal
} as unknown as JobHelpers;

async function keep(keys: SecretKeys, id: string, name: string, text: string): Promise<void> {
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, text, `${id}:${name}`);
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${id}, ${name}, ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
}

async function read(keys: SecretKeys, id: string, name: string) {
	const [row] = await database.owner<{ key_id: string; nonce: Buffer; ciphertext: Buffer }[]>`
		select key_id, nonce, ciphertext from private.channel_secrets where channel_id = ${id} and name = ${name}`;
	if (!row) throw new Error('no such secret');
	const secret = { key_id: row.key_id, nonce: Uint8Array.from(row.nonce), ciphertext: Uint8Array.from(row.ciphertext) };
	return { key_id: row.key_id, text: await decryptSecret(keys, secret, `${id}:${name}`) };
}

test('every secret comes under the current key, a held channel stays held, and one that nobody can open is named and left', async () => {
	const before = await readSecretKeys(old);
	await keep(before, channel, 'access_token', 'EAAold');
	await keep(before, channel, 'app_secret', 'app');
	await keep(await readSecretKeys(lost), uuid('oficina channel'), 'access_token', 'EAAlost');
	await database.owner`
		update public.channels set status = 'attention', status_detail = '{"code": 190}' where id = ${channel}`;

	const keys = await readSecretKeys(`${current},${old}`);
	for (let times = 0; times < 2; times++) await secretsRotate({ db: database.worker, keys })({}, helpers);

	const after = await readSecretKeys(current);
	expect(await read(after, channel, 'access_token')).toEqual({ key_id: 'new', text: 'EAAold' });
	expect(await read(after, channel, 'app_secret')).toEqual({ key_id: 'new', text: 'app' });
	expect(await read(await readSecretKeys(lost), uuid('oficina channel'), 'access_token')).toMatchObject({
		key_id: 'lost'
	});
	expect(warnings.every((text) => text.includes('under key lost') && !text.includes('EAAlost'))).toBe(true);
	const [row] = await database.owner`select status from public.channels where id = ${channel}`;
	expect(row?.status).toBe('attention');
});

test('a check holds a channel whose token is no good, warns of one that ends soon, and lets it go once it is good', async () => {
	const keys = await readSecretKeys(current);
	await database.owner`delete from private.channel_secrets`;
	await database.owner`update public.channels set status = 'connected', status_detail = null where id = ${channel}`;
	const [number] = await database.owner`select phone_number_id, waba_id from public.channels where id = ${channel}`;
	const token = 'EAAcheckedToken';
	await keep(keys, channel, 'access_token', token);
	const simulator = await startWhatsAppSimulator({
		businesses: [
			{
				name: 'Padaria',
				phone_number_id: String(number?.phone_number_id),
				waba_id: String(number?.waba_id),
				display_phone_number: '551130030001',
				tokens: [token]
			}
		]
	});
	const check = async () => {
		await channelsCheck({ db: database.worker, keys, graphAt: { url: simulator.url, version: 'v26.0' } })(
			{ channel_id: channel },
			helpers
		);
		const [row] = await database.owner`
			select c.status, c.quality_rating, c.messages_per_second, c.verified_name, k.subscribed
			from public.channels c join private.channel_checks k on k.channel_id = c.id where c.id = ${channel}`;
		return row;
	};
	try {
		simulator.world.platform.setNumber(String(number?.phone_number_id), {
			quality_rating: 'YELLOW',
			throughput: 'HIGH'
		});
		simulator.world.subscribe(String(number?.waba_id), false);
		expect(await check()).toEqual({
			status: 'connected',
			quality_rating: 'YELLOW',
			messages_per_second: 1000,
			verified_name: 'Padaria',
			subscribed: false
		});
		simulator.world.platform.setToken(token, { valid: false });
		expect(await check()).toMatchObject({ status: 'attention' });
		simulator.world.platform.setToken(token, { valid: true, expires_at: Math.floor(Date.now() / 1000) + 86_400 });
		for (let times = 0; times < 2; times++) expect(await check()).toMatchObject({ status: 'connected' });
		const warned = await database.owner`
			select from public.channel_events where channel_id = ${channel} and field = 'token_expiring'`;
		expect(warned).toHaveLength(1);
		simulator.world.platform.management = { refuse_code: 2, refuse_subscription: false };
		expect(await check(), 'Meta being away says nothing of the token').toMatchObject({ status: 'connected' });
	} finally {
		await simulator.close();
	}
});
