import { readBody } from '@prosa/core/whatsapp/body.ts';
import type { Event } from '@prosa/core/whatsapp/events.ts';
import { parseWebhook } from '@prosa/core/whatsapp/parse.ts';

/** A body made easy to read; as it came where it is no JSON. */
export function pretty(raw: string): string {
	try {
		return JSON.stringify(readBody(raw), null, 2);
	} catch {
		return raw;
	}
}

/** What the parser makes of a body; null where it makes nothing. */
export function eventsIn(raw: string): Event[] | null {
	try {
		const body = readBody(raw);
		return Array.isArray(body) ? null : parseWebhook(body);
	} catch {
		return null;
	}
}

/** Where a text stops being JSON, or null where it is an object. */
export function faultIn(raw: string): 'not_json' | 'not_object' | null {
	try {
		const body = readBody(raw);
		return typeof body === 'object' && body !== null && !Array.isArray(body) ? null : 'not_object';
	} catch {
		return 'not_json';
	}
}
