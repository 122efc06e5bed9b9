import { decryptSecret, encryptSecret, type Encrypted, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const PORTION = 100;

interface SecretRow {
	/** A channel, a module, or the company whose AI key it is. */
	owner_id: string;
	name: string;
	key_id: string;
	nonce: string;
	ciphertext: string;
}

/**
 * Puts every secret under the first key of SECRETS_KEY that is still under another. Runs again safely, also after a
 * crash: what is done is under the current key and not found again, and a secret changed meanwhile is left alone. One
 * whose key is missing stays as it is, and the log says so.
 */
export const secretsRotate = ({ db, keys }: { db: Database; keys: SecretKeys }) =>
	task(z.unknown(), async (_payload, { logger, abortSignal }) => {
		let after = { owner: '00000000-0000-0000-0000-000000000000', name: '' };
		for (;;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const rows = await answered(
				db<SecretRow[]>`
					select owner_id, name, key_id, nonce, ciphertext
					from private.secrets_to_rotate(${keys.current}, ${after.owner}, ${after.name}, ${PORTION})`
			);
			for (const row of rows) {
				const fresh = await reencrypt(keys, row);
				if (!fresh) {
					logger.warn(`the ${row.name} of ${row.owner_id} is under key ${row.key_id} and can't be opened`);
					continue;
				}
				await answered(
					db`select private.rotate_secret(
						${row.owner_id}, ${row.name}, ${row.nonce}, ${fresh.key_id}, ${hex(fresh.nonce)}, ${hex(fresh.ciphertext)}
					)`
				);
			}
			const last = rows.at(-1);
			if (!last || rows.length < PORTION) return;
			after = { owner: last.owner_id, name: last.name };
		}
	});

/** The same secret under the current key; null when none of ours opens it. */
async function reencrypt(keys: SecretKeys, row: SecretRow): Promise<Encrypted | null> {
	const associated = `${row.owner_id}:${row.name}`;
	const secret = { key_id: row.key_id, nonce: bytes(row.nonce), ciphertext: bytes(row.ciphertext) };
	const plaintext = await decryptSecret(keys, secret, associated).catch(() => null);
	return plaintext === null ? null : encryptSecret(keys, plaintext, associated);
}

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
