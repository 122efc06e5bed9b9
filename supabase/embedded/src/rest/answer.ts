import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import { RestError } from './errors.ts';
import type { ResultRow } from './plan/statement.ts';
import { RESULT } from './plan/statement.ts';

export interface Answer {
	status: number;
	headers: Record<string, string | string[]>;
	body: string | null;
}

/**
 * Lets a function speak: the settings `response.status` and `response.headers` go before what the service would say.
 * Throws PGRST111 or PGRST112 (500) when they can't be read.
 */
export function withResponseSettings(answer: Answer, row: ResultRow): Answer {
	const status = row[RESULT.status];
	const headers = row[RESULT.headers];
	if (!status && !headers) return answer;
	return {
		...answer,
		status: status ? readStatus(status) : answer.status,
		headers: headers ? { ...answer.headers, ...readHeaders(headers) } : answer.headers
	};
}

function readStatus(text: string): number {
	const status = Number(text);
	if (Number.isInteger(status) && status >= 200 && status <= 599) return status;
	throw new RestError(500, 'PGRST112', 'response.status guc must be a valid status code');
}

function readHeaders(text: string): Record<string, string | string[]> {
	const headers: Record<string, string | string[]> = {};
	try {
		for (const entry of JSON.parse(text) as Record<string, unknown>[]) {
			const [pair, ...others] = Object.entries(entry);
			if (!pair || others.length > 0 || typeof pair[1] !== 'string') throw new TypeError();
			const name = canonical(pair[0]);
			validateHeaderName(name);
			validateHeaderValue(name, pair[1]);
			const known = headers[name];
			headers[name] = known === undefined ? pair[1] : [known, pair[1]].flat();
		}
	} catch {
		throw new RestError(
			500,
			'PGRST111',
			'response.headers guc must be a JSON array composed of objects with a single key and a string value'
		);
	}
	return headers;
}

/** `content-type` is `Content-Type`, so that it replaces ours instead of standing beside it. */
function canonical(name: string): string {
	return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
	const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
	response.writeHead(status, { ...headers, ...length });
	response.end(body ?? undefined);
}

export function sendError(response: ServerResponse, error: RestError): void {
	send(response, {
		status: error.status,
		headers: {
			'Content-Type': 'application/json; charset=utf-8',
			'Proxy-Status': `PostgREST; error=${error.body.code.replace(/[^\x21-\x7e]/g, '')}`,
			...error.headers
		},
		body: JSON.stringify(error.body)
	});
}
