import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { JwtError, type Claims } from '../jwt.ts';
import type { RequestContext } from '../service.ts';
import { AuthError, badRequest, forbidden } from './errors.ts';

/** One request to the service, read and ready for a handler. */
export interface Call {
	readonly query: URLSearchParams;
	/** Named parts of the path, such as the user's id. */
	readonly params: Readonly<Record<string, string>>;
	readonly ip: string;
	readonly userAgent: string | null;
	/** The body checked against a schema; `validation_failed` when it doesn't fit, `bad_json` when it isn't JSON. */
	read<T>(schema: z.ZodType<T>): T;
	/** Claims of the token the caller showed; `no_authorization` without one, `bad_jwt` when it doesn't hold. */
	claims(): Promise<Claims>;
}

/** What a handler answers: a body for 200, or more said. */
export interface Reply {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

const MAX_BODY = 1024 * 1024;

export async function readCall(
	request: IncomingMessage,
	context: RequestContext,
	params: Readonly<Record<string, string>>
): Promise<Call> {
	const raw = await readBody(request);
	return {
		query: context.url.searchParams,
		params,
		ip: context.ip,
		userAgent: request.headers['user-agent'] ?? null,
		read: (schema) => parse(raw, schema),
		claims: async () => {
			if (!context.token) throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
			const claims = await context.claims().catch((error: unknown) => {
				if (error instanceof JwtError) {
					throw forbidden('bad_jwt', `invalid JWT: unable to parse or verify signature, ${error.message}`);
				}
				throw error;
			});
			if (!claims) throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
			return claims;
		}
	};
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		if (size > MAX_BODY) throw new AuthError(413, 'validation_failed', 'Request body too large');
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks).toString('utf8');
}

function parse<T>(raw: string, schema: z.ZodType<T>): T {
	let json: unknown;
	try {
		json = raw === '' ? {} : JSON.parse(raw);
	} catch {
		throw badRequest('bad_json', 'Could not parse request body as JSON');
	}
	const result = schema.safeParse(json);
	if (result.success) return result.data;
	const issue = result.error.issues[0];
	throw badRequest('validation_failed', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is invalid'}`);
}
