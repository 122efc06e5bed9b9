import { z } from 'zod';
import type { ErrorCode } from '../../errors/catalogue.ts';

/** Meta's own words about a refusal. */
export interface GraphRefusal {
	code: number;
	subcode: number | null;
	title: string;
}

/** A step of connecting a number that did not hold, with the code whose sentence says what to do. */
export class SetupProblem extends Error {
	override name = 'SetupProblem';
	readonly code: ErrorCode;
	readonly refusal: GraphRefusal | null;

	constructor(code: ErrorCode, refusal: GraphRefusal | null = null) {
		super(code);
		this.code = code;
		this.refusal = refusal;
	}
}

/** What a call to the Graph API brought back: its status, and the JSON of its body or undefined. */
export interface GraphReply {
	status: number;
	body: unknown;
}

/** Makes one call with a token. Throws SetupProblem `graph_unreachable` when there is no answer at all. */
export type AskGraph = (method: 'GET' | 'POST', path: string, query?: Record<string, string>) => Promise<GraphReply>;

const Refused = z.object({
	error: z.object({ code: z.number(), error_subcode: z.number().optional(), message: z.string().default('') })
});

/** The refusal in an answer, or null when it is none. */
export function refusalIn(reply: GraphReply): GraphRefusal | null {
	const { data } = Refused.safeParse(reply.body);
	if (!data) return null;
	const { code, error_subcode, message } = data.error;
	return { code, subcode: error_subcode ?? null, title: message };
}

/** A token Meta will not take any more, or that may not do this: 190 and its like, permissions (10, 200 to 299). */
export function isTokenRefusal({ code }: GraphRefusal): boolean {
	return code === 190 || code === 102 || code === 0 || code === 3 || code === 10 || (code >= 200 && code < 300);
}

/** Throws what an unusable answer means; `otherwise` where the object itself is at fault. */
export function demand(reply: GraphReply, otherwise: ErrorCode): void {
	const refusal = refusalIn(reply);
	if (refusal) {
		if (refusal.code === 190)
			throw new SetupProblem(refusal.subcode === 463 ? 'token_expired' : 'token_invalid', refusal);
		if (isTokenRefusal(refusal)) throw new SetupProblem('token_scopes_missing', refusal);
		if (reply.status >= 500 || [1, 2, 4, 80007].includes(refusal.code))
			throw new SetupProblem('graph_unreachable', refusal);
		throw new SetupProblem(otherwise, refusal);
	}
	if (reply.status >= 500 || reply.body === undefined) throw new SetupProblem('graph_unreachable');
	if (reply.status >= 400) throw new SetupProblem(otherwise);
}
