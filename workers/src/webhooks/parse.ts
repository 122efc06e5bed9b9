import { readBody } from '@prosa/core/whatsapp/body.ts';
import type { Event } from '@prosa/core/whatsapp/events.ts';
import { parseWebhook } from '@prosa/core/whatsapp/parse.ts';

/** What the parser makes of a kept body: its events, or why there are none. */
export type Parsed = { events: Event[]; error: null } | { events: null; error: 'not_json' | 'parser_failed' };

/**
 * Parses a kept body as the door would. A body that spoke to several companies is kept for each as the list of its own
 * events, already parsed: those are taken as they are. Never throws.
 */
export function parseKept(raw: string): Parsed {
	let body: unknown;
	try {
		body = readBody(raw.replace(/^\ufeff/, ''));
	} catch {
		return { events: null, error: 'not_json' };
	}
	if (isEvents(body)) return { events: body, error: null };
	try {
		return { events: parseWebhook(body), error: null };
	} catch {
		return { events: null, error: 'parser_failed' };
	}
}

const TYPES = new Set(['message', 'status', 'identity', 'preference', 'account']);

function isEvents(body: unknown): body is Event[] {
	return (
		Array.isArray(body) &&
		body.length > 0 &&
		body.every(
			(item: unknown) =>
				typeof item === 'object' && item !== null && 'type' in item && TYPES.has(String(item.type)) && 'waba_id' in item
		)
	);
}
