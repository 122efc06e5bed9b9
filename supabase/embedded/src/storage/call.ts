import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Jwt } from '../jwt.ts';
import { JwtError } from '../jwt.ts';
import type { RequestContext } from '../service.ts';
import type { Scope, Sql } from './database.ts';
import { accessDenied, invalidRequest } from './errors.ts';
import type { Files } from './files.ts';

/** What the handlers work with. */
export interface StorageContext {
	readonly sql: Sql;
	readonly jwt: Jwt;
	readonly files: Files;
	/** Bytes an object may have when its bucket says nothing smaller. */
	readonly fileSizeLimit: number;
}

/** One request to the service. */
export interface Call {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly query: URLSearchParams;
	/** Bucket and object as the path names them; empty when it doesn't. */
	readonly bucket: string;
	readonly name: string;
	/** On whose behalf to act; refuses callers who showed no token or a bad one. */
	scope(operation: string): Promise<Scope>;
	/** The scope without a caller, to be widened on purpose. */
	nobody(operation: string): Scope;
	readonly hasToken: boolean;
	json<T>(schema: z.ZodType<T>): Promise<T>;
}

const MAX_JSON = 1024 * 1024;

export function createCall(
	request: IncomingMessage,
	response: ServerResponse,
	context: RequestContext,
	bucket: string,
	name: string
): Call {
	const nobody = (operation: string): Scope => ({
		claims: { role: 'anon' },
		method: request.method ?? 'GET',
		path: context.url.pathname,
		headers: plainHeaders(request),
		operation
	});
	return {
		request,
		response,
		query: context.url.searchParams,
		bucket,
		name,
		nobody,
		hasToken: context.token !== null,
		async scope(operation) {
			if (context.token === null) throw invalidRequest("headers must have required property 'authorization'");
			const claims = await context.claims().catch((error: unknown) => {
				throw error instanceof JwtError ? accessDenied(wordOf(error)) : error;
			});
			return { ...nobody(operation), claims: claims ?? { role: 'anon' } };
		},
		json: (schema) => readJson(request, schema)
	};
}

function wordOf({ reason, message }: JwtError): string {
	if (reason === 'expired') return '"exp" claim timestamp check failed';
	return reason === 'signature' ? 'signature verification failed' : message;
}

/** What policies may read of the headers; the keys themselves are none of their business. */
function plainHeaders(request: IncomingMessage): Record<string, string> {
	const { authorization: _token, apikey: _key, cookie: _cookie, ...others } = request.headers;
	return Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)]));
}

async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		if (size > MAX_JSON) throw invalidRequest('Request body is too large');
		chunks.push(chunk as Buffer);
	}
	let body: unknown;
	try {
		body = size === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
	} catch {
		throw invalidRequest('Body is not valid JSON');
	}
	const result = schema.safeParse(body);
	if (result.success) return result.data;
	const issue = result.error.issues[0];
	throw invalidRequest(`body/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'is invalid'}`);
}

/** Answers JSON with 200. */
export function sendJson(response: ServerResponse, body: unknown): void {
	response.statusCode = 200;
	response.setHeader('content-type', 'application/json; charset=utf-8');
	response.end(JSON.stringify(body));
}
