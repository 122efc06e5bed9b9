import { SetupProblem } from '@prosa/core/whatsapp/setup/problem.ts';
import { Failed, isTimeout } from './counted.ts';

type Send = (event: 'piece' | 'done' | 'failed', data: unknown) => void;

declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

/**
 * Server-sent events of what `work` sends, each as it comes. The signal aborts when whoever listens hangs up or time is
 * up; work that throws ends with `failed` and its code.
 */
export function events(timeoutMs: number, work: (send: Send, signal: AbortSignal) => Promise<unknown>): Response {
	const encoder = new TextEncoder();
	const gone = new AbortController();
	const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(timeoutMs)]);
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			const send: Send = (event, data) => {
				if (!gone.signal.aborted)
					controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
			};
			const working = work(send, signal)
				.catch((error: unknown) => send('failed', { code: codeOf(error, signal) }))
				.finally(() => {
					if (!gone.signal.aborted) controller.close();
				});
			// Who hangs up must not stop the writing down of what it cost.
			if (typeof EdgeRuntime !== 'undefined') EdgeRuntime.waitUntil(working);
		},
		cancel() {
			gone.abort();
		}
	});
	return new Response(body, {
		headers: {
			'content-type': 'text/event-stream; charset=utf-8',
			'cache-control': 'no-store',
			'x-accel-buffering': 'no'
		}
	});
}

function codeOf(error: unknown, signal: AbortSignal): string {
	if (isTimeout(signal)) return 'ai_timed_out';
	if (error instanceof Failed) return error.message;
	if (error instanceof SetupProblem) return error.code;
	// The message of a foreign error may quote what was said: its name says enough.
	console.error('ai failed:', error instanceof Error ? error.name : 'unknown');
	return 'ai_failed';
}
