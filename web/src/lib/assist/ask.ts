import type { Assisted, AskInput } from '@prosa/core/ai/assist/ask.ts';
import type { BrowserClient } from '#lib/auth/browser_client.ts';
import { Events } from './events.ts';

/** What was refused or went wrong, as the database says it. */
const refusal = (code: string) => ({ code: 'PT502', message: code });

/**
 * Asks the model by the edge function that masks, counts and streams; `onpiece` hears the words as they come. Gives all of
 * them. Throws `{ code, message }`, or an AbortError when the signal aborts.
 */
export async function askAssist(
	client: BrowserClient,
	ask: AskInput,
	onpiece: (piece: string) => void,
	signal: AbortSignal
): Promise<Assisted> {
	const response = await client.post('functions/v1/ai/assist', ask, signal);
	if (!response.ok || !response.body) {
		const body: unknown = await response.json().catch(() => null);
		const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : 'ai_failed';
		throw refusal(message);
	}
	const events = new Events();
	for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
		const { value, done } = await reader.read();
		for (const { event, data } of events.push(value ?? '')) {
			if (event === 'piece' && typeof data === 'string') onpiece(data);
			if (event === 'done') return data as Assisted;
			if (event === 'failed') throw refusal((data as { code: string }).code);
		}
		// A stream that ends without its end was cut off on the way.
		if (done) throw refusal('ai_failed');
	}
}
