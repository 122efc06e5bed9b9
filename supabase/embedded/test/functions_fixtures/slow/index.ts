import type { DenoApi } from '../deno.ts';
declare const Deno: DenoApi;

const state = { hungUp: 0 };

/** Streams a word a moment, until it is cancelled; `?hung-up` tells how often it was. */
Deno.serve((request) => {
	if (new URL(request.url).searchParams.has('hung-up')) return new Response(String(state.hungUp));
	let timer: ReturnType<typeof setInterval>;
	const words = new ReadableStream<Uint8Array>({
		start(controller) {
			timer = setInterval(() => controller.enqueue(new TextEncoder().encode('word ')), 50);
		},
		cancel() {
			clearInterval(timer);
			state.hungUp++;
		}
	});
	return new Response(words);
});
