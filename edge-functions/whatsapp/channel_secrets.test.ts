import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { expect, test } from 'vitest';
import { ChannelSecrets, type SecretRow } from './channel_secrets.ts';

const CHANNEL = '11111111-1111-4111-8111-111111111111';
const keys = readSecretKeys(`k:${btoa('k'.repeat(32))}`);

async function row(name: string, value: string): Promise<SecretRow> {
	return { name, ...(await encryptSecret(await keys, value, `${CHANNEL}:${name}`)) };
}

test('secrets are fetched once a minute, however many ask', async () => {
	let now = 0;
	let fetched = 0;
	const rows = [await row('app_secret', 'one')];
	const secrets = new ChannelSecrets(
		async () => (fetched++, rows),
		() => keys,
		() => now
	);
	const asked = await Promise.all([secrets.of(CHANNEL), secrets.of(CHANNEL)]);
	expect(asked).toEqual([
		{ app_secret: 'one', verify_token: null },
		{ app_secret: 'one', verify_token: null }
	]);
	now = 59_999;
	await secrets.of(CHANNEL);
	expect(fetched).toBe(1);
	rows[0] = await row('app_secret', 'two');
	now = 60_000;
	expect(await secrets.of(CHANNEL)).toMatchObject({ app_secret: 'two' });
});

test('a channel without an app of its own has no door', async () => {
	const secrets = new ChannelSecrets(
		async () => [],
		() => keys
	);
	expect(await secrets.of(CHANNEL)).toBeNull();
});

test('a database that was away is asked again', async () => {
	let away = true;
	const rows = [await row('verify_token', 'token')];
	const secrets = new ChannelSecrets(
		async () => {
			if (away) throw new Error('away');
			return rows;
		},
		() => keys
	);
	await expect(secrets.of(CHANNEL)).rejects.toThrow('away');
	away = false;
	expect(await secrets.of(CHANNEL)).toEqual({ app_secret: null, verify_token: 'token' });
});

test("another channel's secret put in this one's place opens nothing", async () => {
	const rows = [await row('app_secret', 'one')];
	const secrets = new ChannelSecrets(
		async () => rows,
		() => keys
	);
	await expect(secrets.of('22222222-2222-4222-8222-222222222222')).rejects.toThrow();
});
