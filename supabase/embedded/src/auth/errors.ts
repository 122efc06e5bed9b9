import type { ServerResponse } from 'node:http';

/** An answer that isn't what was asked for. `code` is one of GoTrue's error codes, `msg` its English sentence. */
export class AuthError extends Error {
	override name = 'AuthError';
	readonly status: number;
	readonly code: string;
	readonly extra: Record<string, unknown>;
	constructor(status: number, code: string, msg: string, extra: Record<string, unknown> = {}) {
		super(msg);
		this.status = status;
		this.code = code;
		this.extra = extra;
	}
}

export const badRequest = (code: string, msg: string) => new AuthError(400, code, msg);
export const forbidden = (code: string, msg: string) => new AuthError(403, code, msg);
export const notFound = (code: string, msg: string) => new AuthError(404, code, msg);
export const unprocessable = (code: string, msg: string) => new AuthError(422, code, msg);
export const tooMany = (code: string, msg: string) => new AuthError(429, code, msg);

/** Postgres refusing a text: a NUL character, half a surrogate pair, no uuid where one belongs. */
const UNSTORABLE = new Set(['22021', '22P05', '22P02']);

/** The error to answer with: our own as it is, text that can't be stored as the caller's mistake, the rest as ours. */
export function toAuthError(error: unknown): AuthError {
	if (error instanceof AuthError) return error;
	const sqlState = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
	if (UNSTORABLE.has(sqlState)) return badRequest('validation_failed', 'A text holds characters that cannot be stored');
	return new AuthError(500, 'unexpected_failure', 'Unexpected failure, please check server logs for more information');
}

/** The API version in which `code` became the error code itself; supabase-js asks for it with a header. */
const CODES_FIRST = '2024-01-01';

/** Writes an error in the form of the API version that the caller asked for. */
export function sendError(response: ServerResponse, error: AuthError, apiVersion: string | undefined): void {
	const codesFirst = apiVersion !== undefined && apiVersion >= CODES_FIRST;
	const body = codesFirst
		? { code: error.code, message: error.message, ...error.extra }
		: { code: error.status, error_code: error.code, msg: error.message, ...error.extra };
	response.statusCode = error.status;
	response.setHeader('content-type', 'application/json');
	response.setHeader('x-sb-error-code', error.code);
	if (codesFirst) response.setHeader('x-supabase-api-version', CODES_FIRST);
	response.end(JSON.stringify(body));
}
