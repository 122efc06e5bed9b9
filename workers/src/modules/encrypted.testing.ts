import { encryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';

/** Secrets as the edge function hands them to the database. */
export async function encryptedFor(keys: SecretKeys, id: string, secrets: Record<string, string>): Promise<string> {
	const rows = Object.entries(secrets).map(async ([name, text]) => {
		const { key_id, nonce, ciphertext } = await encryptSecret(keys, text, `${id}:${name}`);
		return { name, key_id, nonce: hex(nonce), ciphertext: hex(ciphertext) };
	});
	return JSON.stringify(await Promise.all(rows));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
