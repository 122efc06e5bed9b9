import { decryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';

const hex = z.string().regex(/^([0-9a-f]{2})+$/);

/** A channel's access token as the database keeps it. */
export const EncryptedToken = z.object({ key_id: z.string(), nonce: hex, ciphertext: hex });

/** The token in the clear, or null when there is none or our keys don't open it. */
export async function readToken(
	keys: SecretKeys,
	channelId: string,
	token: z.infer<typeof EncryptedToken> | null
): Promise<string | null> {
	if (!token) return null;
	try {
		const secret = { key_id: token.key_id, nonce: fromHex(token.nonce), ciphertext: fromHex(token.ciphertext) };
		return await decryptSecret(keys, secret, `${channelId}:access_token`);
	} catch {
		return null;
	}
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(Buffer.from(text, 'hex'));
}
