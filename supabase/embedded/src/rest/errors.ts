import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { DatabaseError } from 'pg';

export interface ErrorBody {
	code: string;
	message: string;
	details: unknown;
	hint: string | null;
}

/** A failed request as PostgREST words it. */
export class RestError extends Error {
	override name = 'RestError';
	readonly status: number;
	readonly body: ErrorBody;
	readonly headers: Record<string, string>;

	constructor(
		status: number,
		code: string,
		message: string,
		more: { details?: unknown; hint?: string | null; headers?: Record<string, string> } = {}
	) {
		super(message);
		this.status = status;
		this.body = { code, details: more.details ?? null, hint: more.hint ?? null, message };
		this.headers = more.headers ?? {};
	}
}

/** A query string that can't be read (PGRST100). `position` counts from 1. */
export function parseError(what: string, text: string, position: number, details: string): RestError {
	return new RestError(400, 'PGRST100', `"failed to parse ${what} (${text})" (line 1, column ${position})`, {
		details
	});
}

/** Statuses by SQLSTATE, first match wins: https://docs.postgrest.org/en/v12/references/errors.html#status-codes */
const STATUSES: [RegExp, number][] = [
	[/^08/, 503],
	[/^09/, 500],
	[/^0[LP]/, 403],
	[/^2350[35]$/, 409],
	[/^25006$/, 405],
	[/^21000$/, 500], // a view or function that returned several rows where one was due
	[/^25/, 500],
	[/^28/, 403],
	[/^2D/, 500],
	[/^3[89B]/, 500],
	[/^40/, 500],
	[/^53400$/, 500],
	[/^53/, 503],
	[/^54/, 500],
	[/^5[578]/, 500],
	[/^F0/, 500],
	[/^HV/, 500],
	[/^P0001$/, 400],
	[/^P0/, 500],
	[/^XX/, 500],
	[/^42883$/, 404],
	[/^42P01$/, 404],
	[/^42P17$/, 500]
];

const BEARER = { 'WWW-Authenticate': 'Bearer' };

/** What Postgres refused, in PostgREST's words; an anonymous caller is asked to sign in (401), others are not (403). */
export function fromPostgres(error: DatabaseError, anonymous: boolean): RestError {
	const code = error.code ?? 'XX000';
	const more = { details: error.detail ?? null, hint: error.hint ?? null };
	if (code === 'PGRST') return raised(error);
	if (code === '42501')
		return new RestError(anonymous ? 401 : 403, code, error.message, {
			...more,
			...(anonymous ? { headers: BEARER } : {})
		});
	return new RestError(statusOf(code, error.message), code, error.message, more);
}

function statusOf(code: string, message: string): number {
	if (code.startsWith('PT')) return Number(/^PT([1-5]\d\d)$/.exec(code)?.[1] ?? 500);
	// `upsert` naming the same row twice is the caller's mistake
	if (code === '21000' && message.includes('ON CONFLICT')) return 400;
	return STATUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 400;
}

/** `raise sqlstate 'PGRST'` gives the whole answer as JSON in message and detail. */
function raised(error: DatabaseError): RestError {
	const message = parseObject(error.message);
	const detail = parseObject(error.detail);
	const fail = (details: string, hint: string) =>
		new RestError(500, 'PGRST121', `Could not parse JSON in the "RAISE SQLSTATE 'PGRST'" error`, { details, hint });
	if (typeof message?.['code'] !== 'string' || typeof message['message'] !== 'string')
		return fail(
			`Invalid JSON value for MESSAGE: '${error.message}'`,
			`MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.`
		);
	const hint = `DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.`;
	if (error.detail === undefined) return fail('DETAIL is missing in the RAISE statement', hint);
	const status = detail?.['status'];
	const headers = detail?.['headers'];
	if (!isStatus(status) || !isHeaders(headers)) return fail(`Invalid JSON value for DETAIL: '${error.detail}'`, hint);
	return new RestError(status, message['code'], message['message'], {
		details: message['details'] ?? null,
		hint: (message['hint'] as string | undefined) ?? null,
		headers
	});
}

function isStatus(value: unknown): value is number {
	return typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599;
}

function isHeaders(value: unknown): value is Record<string, string> {
	if (typeof value !== 'object' || value === null) return false;
	try {
		for (const [name, text] of Object.entries(value)) {
			validateHeaderName(name);
			validateHeaderValue(name, text as string);
		}
		return true;
	} catch {
		return false;
	}
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text ?? '');
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
