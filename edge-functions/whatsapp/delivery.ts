import { createHash } from 'node:crypto';
import type { Event } from '@prosa/core/whatsapp/events.ts';
import { readBody } from '@prosa/core/whatsapp/body.ts';
import { parseWebhook } from '@prosa/core/whatsapp/parse.ts';

/** One genuine webhook body on its way to `private.receive`, already as JSON: it is written once, whatever batch it rides in. */
export interface Delivery {
	json: string;
	/** The same body without its events, should they be what the database can't take. `error` says why. */
	bare(error: string): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a body whose signature held. Never throws: what is not JSON, or breaks the parser, is kept raw with an error
 * and without events.
 */
export function deliveryOf(bytes: Uint8Array<ArrayBuffer>, channel_id: string | null): Delivery {
	// WebCrypto would hop to another thread and back: 10 µs a body instead of 2
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	const text = decode(bytes);
	const { events, error } = text === null ? { events: [], error: 'not_json' } : read(text);
	// Postgres' text can hold neither broken UTF-8 nor NUL
	const raw = text ?? base64(bytes);
	return {
		json: JSON.stringify({ raw, sha256, channel_id, error, events }),
		bare: (error) => JSON.stringify({ raw, sha256, channel_id, error, events: [] })
	};
}

function decode(bytes: Uint8Array<ArrayBuffer>): string | null {
	try {
		const text = utf8.decode(bytes);
		return text.includes('\0') ? null : text;
	} catch {
		return null;
	}
}

function read(text: string): { events: Event[]; error: string | null } {
	let body: unknown;
	try {
		body = readBody(text.replace(/^\ufeff/, ''));
	} catch {
		return { events: [], error: 'not_json' };
	}
	try {
		return { events: parseWebhook(body), error: null };
	} catch (error) {
		console.error('the parser failed; the body is kept', error);
		return { events: [], error: 'parser_failed' };
	}
}

function base64(bytes: Uint8Array): string {
	let binary = '';
	for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
	return btoa(binary);
}
