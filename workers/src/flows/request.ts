import type { HttpRequest } from '@prosa/core/flows/effects.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { bounded } from '@prosa/core/flows/variables.ts';
import { AddressRefused } from './addresses.ts';
import { exchange, TooLarge } from './exchange.ts';

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
	if (!url) return { ok: false, code: 'address_refused' };
	const headers = Object.fromEntries(
		Object.entries(request.headers).filter(([name]) => !FORBIDDEN.has(name.toLowerCase()))
	);
	const timeout = AbortSignal.timeout(request.seconds * 1_000);
	try {
		const { status, text } = await exchange(url, {
			method: request.method,
			headers: { accept: 'application/json', 'user-agent': 'prosa-flows', ...headers, 'idempotency-key': key },
			body: request.method === 'GET' ? '' : request.body,
			signal: AbortSignal.any([signal, timeout]),
			origins,
			largest: LARGEST
		});
		return status < 200 || status >= 300
			? { ok: false, code: 'status', status }
			: { ok: true, status, body: read(text) };
	} catch (error) {
		signal.throwIfAborted();
		if (timeout.aborted) return { ok: false, code: 'timeout' };
		if (error instanceof AddressRefused) return { ok: false, code: 'address_refused' };
		const detail = error instanceof Error ? error.message.slice(0, 200) : '';
		return { ok: false, code: error instanceof TooLarge ? 'answer_too_large' : 'unreached', detail };
	}
}

function read(text: string) {
	try {
		return bounded(JSON.parse(text));
	} catch {
		return bounded(text);
	}
}
