import { mayOpen, maySeeToken } from './addresses.ts';
import { receive, TooLarge, type Received } from './receive.ts';

export type Downloaded =
	| ({ type: 'done'; mime_type: string | null } & Received)
	/** The address is not good any more: ask for another. */
	| { type: 'expired'; status: number }
	| { type: 'too_large' }
	/** It leads, or was redirected, where we do not go. */
	| { type: 'not_allowed'; host: string }
	| { type: 'unreached'; reason: string };

export interface DownloadOptions {
	url: string;
	/** The Graph API we are set up with. */
	graph: URL;
	token: string;
	file: string;
	/** Bytes. */
	limit: number;
	signal: AbortSignal;
	/** Milliseconds without a byte. */
	patience?: number;
}

/** A large file on a slow line. */
const WHOLE_MS = 10 * 60_000;
const PATIENCE_MS = 30_000;
const MOST_REDIRECTS = 3;

/** Fetches a file of Meta's to disk. Throws only when `signal` aborts. */
export async function download(options: DownloadOptions): Promise<Downloaded> {
	const { graph, token, file, limit, signal, patience = PATIENCE_MS } = options;
	const stalled = new AbortController();
	const timer = setTimeout(() => stalled.abort(new Error(`no byte came for ${patience / 1000} s`)), patience);
	const bounds = AbortSignal.any([signal, stalled.signal, AbortSignal.timeout(WHOLE_MS)]);
	try {
		const found = await open(options.url, { graph, token, signal: bounds });
		if (!(found instanceof Response)) return found;
		timer.refresh();
		if (Number(found.headers.get('content-length') ?? 0) > limit) {
			await found.body?.cancel();
			return { type: 'too_large' };
		}
		const received = await receive(watched(found.body, timer), file, limit);
		return { type: 'done', mime_type: found.headers.get('content-type'), ...received };
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof TooLarge) return { type: 'too_large' };
		const fault = stalled.signal.aborted ? stalled.signal.reason : error;
		return { type: 'unreached', reason: reasonOf(fault) };
	} finally {
		clearTimeout(timer);
	}
}

/** The answer behind an address, redirects followed only to where we go, the token shown only to whom it concerns. */
async function open(
	address: string,
	{ graph, token, signal }: { graph: URL; token: string; signal: AbortSignal }
): Promise<Response | Exclude<Downloaded, { type: 'done' }>> {
	let url = URL.parse(address);
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		if (!url || !mayOpen(url, graph)) return { type: 'not_allowed', host: url?.host ?? '' };
		const response = await fetch(url, {
			redirect: 'manual',
			signal,
			// Meta's shelves answer a library without a name of its own with an error page.
			headers: { 'user-agent': 'prosa', ...(maySeeToken(url, graph) ? { authorization: `Bearer ${token}` } : {}) }
		});
		if (response.ok) return response;
		await response.body?.cancel();
		const { status } = response;
		const next = response.headers.get('location');
		if (status >= 300 && status < 400 && next) url = URL.parse(next, url);
		else if ([401, 403, 404, 410].includes(status)) return { type: 'expired', status };
		else return { type: 'unreached', reason: `HTTP ${status}` };
	}
	return { type: 'unreached', reason: 'too many redirects' };
}

async function* watched(body: ReadableStream<Uint8Array> | null, timer: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
	if (!body) return;
	for await (const chunk of body) {
		timer.refresh();
		yield chunk;
	}
}

export function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { cause } = error;
	return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
