import type { HttpRequest } from '@prosa/core/flows/effects.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { bounded } from '@prosa/core/flows/variables.ts';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { AddressRefused, isPublic, publicLookup } from './addresses.ts';

export interface RequestOptions {
	/** The same for every try of one call: whoever is called twice can tell. */
	key: string;
	signal: AbortSignal;
	/** Origins of our own that may be called all the same: simulators. */
	origins?: readonly string[];
}

/** An answer is read into variables: more than this is no answer. */
const LARGEST = 256 * 1_024;
const PAUSE_MS = 250;
/** The transport's, or our own. */
const FORBIDDEN = new Set([
	'host',
	'connection',
	'content-length',
	'transfer-encoding',
	'upgrade',
	'expect',
	'te',
	'trailer',
	'keep-alive',
	'idempotency-key'
]);

/** Calls, again where that may help, and tells what came of it. Throws only when `signal` aborts. */
export async function call(request: HttpRequest, options: RequestOptions): Promise<Outcome> {
	let outcome: Outcome = { ok: false, code: 'not_called' };
	for (let attempt = 0; attempt <= request.retries; attempt++) {
		if (attempt > 0) await new Promise((done) => setTimeout(done, PAUSE_MS * 2 ** (attempt - 1)));
		options.signal.throwIfAborted();
		outcome = await once(request, options);
		if (outcome.ok || !isPassing(outcome)) return outcome;
	}
	return outcome;
}

function isPassing({ code, status }: Extract<Outcome, { ok: false }>): boolean {
	return code === 'timeout' || code === 'unreached' || status === 429 || (status !== undefined && status >= 500);
}

async function once(request: HttpRequest, { key, signal, origins = [] }: RequestOptions): Promise<Outcome> {
	const url = URL.parse(request.url);
	if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
		return { ok: false, code: 'address_refused' };
	const ours = origins.includes(url.origin);
	const host = url.hostname.replace(/^\[|\]$/g, '');
	// A number is connected to without being looked up.
	if (!ours && isIP(host) && !isPublic(host)) return { ok: false, code: 'address_refused' };

	const timeout = AbortSignal.timeout(request.seconds * 1_000);
	try {
		return await send(url, request, key, ours, AbortSignal.any([signal, timeout]));
	} catch (error) {
		signal.throwIfAborted();
		if (timeout.aborted) return { ok: false, code: 'timeout' };
		if (error instanceof AddressRefused) return { ok: false, code: 'address_refused' };
		const detail = error instanceof Error ? error.message.slice(0, 200) : '';
		return { ok: false, code: error instanceof TooLarge ? 'answer_too_large' : 'unreached', detail };
	}
}

class TooLarge extends Error {}

function send(url: URL, request: HttpRequest, key: string, ours: boolean, signal: AbortSignal): Promise<Outcome> {
	const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
	const headers = Object.fromEntries(
		Object.entries(request.headers).filter(([name]) => !FORBIDDEN.has(name.toLowerCase()))
	);
	const body = request.method === 'GET' ? '' : request.body;
	const outgoing = (url.protocol === 'https:' ? https : http).request(
		url,
		{
			method: request.method,
			headers: {
				accept: 'application/json',
				'user-agent': 'prosa-flows',
				...headers,
				'idempotency-key': key,
				...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) })
			},
			...(ours ? {} : { lookup: publicLookup }),
			// A connection kept open would outlive the check of its address.
			agent: false,
			signal
		},
		(answer) => {
			const chunks: Buffer[] = [];
			let size = 0;
			answer.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size > LARGEST) outgoing.destroy(new TooLarge());
				else chunks.push(chunk);
			});
			answer.on('error', reject);
			answer.on('end', () => {
				const status = answer.statusCode ?? 0;
				// Where it leads is another's to choose: redirects are not followed.
				if (status < 200 || status >= 300) resolve({ ok: false, code: 'status', status });
				else resolve({ ok: true, status, body: read(Buffer.concat(chunks).toString('utf8')) });
			});
		}
	);
	outgoing.on('error', reject);
	outgoing.end(body);
	return promise;
}

function read(text: string) {
	try {
		return bounded(JSON.parse(text));
	} catch {
		return bounded(text);
	}
}
