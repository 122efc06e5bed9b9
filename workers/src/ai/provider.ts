import { decryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import OpenAI from 'openai';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';

/** The provider of this installation: any that speaks as OpenAI does. */
export interface AiDeps {
	db: Database;
	keys: SecretKeys;
	/** `model`: for what belongs to no agent, where a tenant has none. */
	ai: { baseUrl: string; key: string | null; model: string | null };
}

const Secret = z.object({ key_id: z.string(), nonce: z.string(), ciphertext: z.string() }).nullable();

/** A client with the tenant's own key, else the installation's; null: there is none, and AI is off. */
export async function clientFor({ db, keys, ai }: AiDeps, tenantId: string): Promise<OpenAI | null> {
	const [row] = await answered(db<{ secret: unknown }[]>`select private.ai_key_of(${tenantId}) as secret`);
	const secret = Secret.parse(row?.secret ?? null);
	const apiKey = secret
		? await decryptSecret(
				keys,
				{ key_id: secret.key_id, nonce: fromHex(secret.nonce), ciphertext: fromHex(secret.ciphertext) },
				`${tenantId}:ai_key`
			)
		: ai.key;
	// Trying again is ours to decide: every call is written down with what it may cost.
	return apiKey === null ? null : new OpenAI({ apiKey, baseURL: ai.baseUrl, maxRetries: 0 });
}

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
