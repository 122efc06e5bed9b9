import { expect, test } from 'vitest';
import { decryptSecret, encryptSecret, readSecretKeys } from './secrets.ts';

const old = `old:${btoa('o'.repeat(32))}`;
const fresh = `new:${btoa('n'.repeat(32))}`;
const here = 'channel-1:access_token';

test('a secret comes back with its key, and never looks the same twice', async () => {
	const keys = await readSecretKeys(fresh);
	const one = await encryptSecret(keys, 'EAAG ção', here);
	const two = await encryptSecret(keys, 'EAAG ção', here);
	expect(await decryptSecret(keys, one, here)).toBe('EAAG ção');
	expect(one.ciphertext).not.toEqual(two.ciphertext);
});

test('after a new key is put first, old secrets are still read and new ones use it', async () => {
	const before = await encryptSecret(await readSecretKeys(old), 'token', here);
	const keys = await readSecretKeys(`${fresh},${old}`);
	expect(await decryptSecret(keys, before, here)).toBe('token');
	expect((await encryptSecret(keys, 'token', here)).key_id).toBe('new');
});

test('a secret moved to another channel or altered does not decrypt', async () => {
	const keys = await readSecretKeys(fresh);
	const secret = await encryptSecret(keys, 'token', here);
	await expect(decryptSecret(keys, secret, 'channel-2:access_token')).rejects.toThrow();
	const altered = { ...secret, ciphertext: secret.ciphertext.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) };
	await expect(decryptSecret(keys, altered, here)).rejects.toThrow();
});

test('a malformed SECRETS_KEY is refused without being shown', async () => {
	for (const setting of ['', 'id', 'id:short', `id:${btoa('x'.repeat(16))}`, `${fresh},${fresh}`]) {
		await expect(readSecretKeys(setting)).rejects.toThrow(/SECRETS_KEY/);
	}
	await expect(readSecretKeys('id:c2VjcmV0')).rejects.not.toThrow(/c2VjcmV0/);
});
