import { createHash, randomUUID } from 'node:crypto';
import type { Event, Message } from '../../core/src/whatsapp/events.ts';
import type { Sql } from './database.ts';
import { NUMBERS } from './people.ts';

/** What the door hands to `private.receive` for one webhook body. */
export interface Delivery {
	raw: string;
	sha256: string;
	channel_id: string | null;
	error: string | null;
	events: Event[];
}

/** A delivery of these events; the body is made of them unless given. */
export function delivery(events: Event[], raw = JSON.stringify(events)): Delivery {
	return { raw, sha256: createHash('sha256').update(raw).digest('hex'), channel_id: null, error: null, events };
}

/** A text from a phone to the bakery, a new one each time unless told otherwise. */
export function textFrom(phone: string, text: string, more: Partial<Message> = {}): Message {
	return {
		type: 'message',
		phone_number_id: NUMBERS.padaria,
		waba_id: `${NUMBERS.padaria}9`,
		identities: [{ kind: 'phone', value: phone, address: phone }],
		name: 'Maria',
		username: null,
		direction: 'in',
		author: 'contact',
		external_id: `wamid.${randomUUID()}`,
		kind: 'text',
		content: { kind: 'text', text },
		body: text,
		sent_at: new Date().toISOString(),
		target_external_id: null,
		opens_window: true,
		free_entry_point: false,
		counts_unread: true,
		history_status: null,
		...more
	};
}

/** What became of one delivery's events. */
export interface Answer {
	stored: number;
	duplicate: number;
	failed: number;
}

/** Hands deliveries in, as the door does: one call, one transaction. */
export async function receive(door: Sql, deliveries: Delivery[]): Promise<Answer[]> {
	const [row] = await door<{ answer: Answer[] }[]>`
		select private.receive(${JSON.stringify(deliveries)}::text::jsonb) as answer`;
	return row?.answer ?? [];
}
