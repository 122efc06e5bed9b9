import { MODULES, type ModuleId } from '@prosa/core/modules/modules.ts';
import { decryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { EncryptedToken } from '../graph/token.ts';

/** An integration as the database keeps it: its secrets encrypted. */
export const KeptModule = z.object({
	id: z.guid(),
	module: z.string(),
	revision: z.number().int(),
	configuration: z.record(z.string(), z.unknown()),
	secrets: z.record(z.string(), EncryptedToken)
});
export type KeptModule = z.infer<typeof KeptModule>;

/** What kept an integration from being opened; a code of the catalogue. */
export class ModuleClosed extends Error {
	override name = 'ModuleClosed';
	readonly code: 'module_secret_unreadable' | 'module_off';

	constructor(code: ModuleClosed['code']) {
		super(code);
		this.code = code;
	}
}

/** Its settings with the secrets in the clear, as its schema reads them. Throws ModuleClosed. */
export async function openModule<Id extends ModuleId>(
	keys: SecretKeys,
	id: Id,
	kept: KeptModule
): Promise<z.output<(typeof MODULES)[Id]['schema']>> {
	const secrets: Record<string, string> = {};
	for (const [name, { key_id, nonce, ciphertext }] of Object.entries(kept.secrets)) {
		const secret = { key_id, nonce: bytes(nonce), ciphertext: bytes(ciphertext) };
		secrets[name] = await decryptSecret(keys, secret, `${kept.id}:${name}`).catch(() => {
			throw new ModuleClosed('module_secret_unreadable');
		});
	}
	const read = MODULES[id].schema.safeParse({ ...kept.configuration, ...secrets });
	// Kept by another version of ours, which asked for less.
	if (!read.success) throw new ModuleClosed('module_off');
	return read.data as z.output<(typeof MODULES)[Id]['schema']>;
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
