import { z } from 'zod';
import { demand, SetupProblem, type AskGraph } from './problem.ts';

/** Without these a number can neither be run nor be written from. */
export const NEEDED_SCOPES = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const;

/** What a good token may do, and until when. */
export interface TokenFacts {
	app_id: string | null;
	app_name: string | null;
	scopes: string[];
	/** ISO; null: never. */
	expires_at: string | null;
	/** The WhatsApp accounts it was given; empty where Meta does not say. */
	waba_ids: string[];
}

const text = z.union([z.string(), z.number()]).transform(String);
const DebugToken = z.object({
	data: z.object({
		app_id: text.optional(),
		application: z.string().optional(),
		is_valid: z.boolean().default(false),
		scopes: z.array(z.string()).default([]),
		expires_at: z.number().default(0),
		granular_scopes: z.array(z.object({ scope: z.string(), target_ids: z.array(text).optional() })).optional(),
		error: z.object({ code: z.number(), subcode: z.number().optional(), message: z.string().default('') }).optional()
	})
});

/**
 * Asks Meta what a token is good for (`debug_token`). Throws SetupProblem: token_invalid, token_expired,
 * token_scopes_missing, graph_unreachable.
 */
export async function inspectToken(ask: AskGraph, token: string, now = Date.now()): Promise<TokenFacts> {
	const reply = await ask('GET', 'debug_token', { input_token: token });
	demand(reply, 'token_invalid');
	const read = DebugToken.safeParse(reply.body);
	if (!read.success) throw new SetupProblem('graph_unreachable');
	const { is_valid, scopes, expires_at, granular_scopes = [], app_id, application, error } = read.data.data;
	if (expires_at > 0 && expires_at * 1000 <= now) throw new SetupProblem('token_expired');
	if (!is_valid) {
		const refusal = error ? { code: error.code, subcode: error.subcode ?? null, title: error.message } : null;
		throw new SetupProblem(error?.subcode === 463 ? 'token_expired' : 'token_invalid', refusal);
	}
	const missing = NEEDED_SCOPES.filter((scope) => !scopes.includes(scope));
	if (missing.length > 0)
		throw new SetupProblem('token_scopes_missing', { code: 200, subcode: null, title: missing.join(', ') });
	const targets = granular_scopes.filter(({ scope }) => scope === 'whatsapp_business_management');
	return {
		app_id: app_id ?? null,
		app_name: application ?? null,
		scopes,
		expires_at: expires_at > 0 ? new Date(expires_at * 1000).toISOString() : null,
		waba_ids: [...new Set(targets.flatMap(({ target_ids = [] }) => target_ids))]
	};
}
