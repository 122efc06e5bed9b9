import type { AssistPrompt } from '@prosa/core/ai/assist/prompt.ts';
import type { Tokens } from '@prosa/core/ai/budget/budget.ts';
import { limitsOf, Piece } from '@prosa/core/ai/wire/completion.ts';
import { decryptSecret, type SecretKeys } from '@prosa/core/secrets/secrets.ts';
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { KeptKey } from './database.ts';

/** The provider of this installation: any that speaks as OpenAI does. `model`: where a tenant has none of its own. */
export interface Provider {
	baseUrl: string;
	key: string | null;
	model: string | null;
}

/** A client with the tenant's own key, else the installation's; null: there is none, and AI is off. */
export async function clientFor(
	provider: Provider,
	keys: () => Promise<SecretKeys>,
	tenantId: string,
	own: KeptKey | null
): Promise<OpenAI | null> {
	const apiKey = own
		? await decryptSecret(
				await keys(),
				{ key_id: own.key_id, nonce: fromHex(own.nonce), ciphertext: fromHex(own.ciphertext) },
				`${tenantId}:ai_key`
			)
		: provider.key;
	// Trying again is ours to decide: every call is written down with what it may cost.
	return apiKey === null ? null : new OpenAI({ apiKey, baseURL: provider.baseUrl, maxRetries: 0 });
}

const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export interface Ended {
	usage: Tokens | null;
	cut: boolean;
}

/** Asks for a completion and hands its pieces on as they come. Throws the client's errors, or zod's. */
export async function stream(
	client: OpenAI,
	{ messages, schema, temperature }: AssistPrompt,
	call: { model: string; maxOutputTokens: number },
	onPiece: (piece: string) => void,
	signal: AbortSignal
): Promise<Ended> {
	const pieces = await client.chat.completions.create(
		{
			model: call.model,
			messages,
			...limitsOf({ ...call, temperature }, client.baseURL),
			...(schema
				? { response_format: { type: 'json_schema' as const, json_schema: { ...schema, strict: true } } }
				: {}),
			stream: true,
			stream_options: { include_usage: true }
		},
		{ signal }
	);
	const ended: Ended = { usage: null, cut: false };
	let whole = false;
	for await (const chunk of pieces) {
		const { choices, usage } = Piece.parse(chunk);
		ended.usage = usage ?? ended.usage;
		const [choice] = choices;
		if (choice?.delta.content) onPiece(choice.delta.content);
		if (choice?.finish_reason) whole = true;
		ended.cut ||= choice?.finish_reason === 'length';
	}
	signal.throwIfAborted();
	if (!whole) throw new Error('the stream broke off');
	return ended;
}

/** What went wrong, as it is written down; whether it has cost nothing, and whether asking again at once may help. */
export function failureOf(error: unknown): { error: string; free: boolean; again: boolean } {
	if (error instanceof APIConnectionTimeoutError) return { error: 'timeout', free: false, again: false };
	if (error instanceof APIUserAbortError) return { error: 'stopped', free: false, again: false };
	if (error instanceof APIConnectionError) return { error: 'unreached', free: false, again: true };
	if (error instanceof APIError && typeof error.status === 'number') {
		// A provider that refused has done nothing.
		return { error: `status_${error.status}`, free: true, again: error.status >= 500 };
	}
	return { error: 'malformed', free: false, again: false };
}
