import { timeIn, type Change } from './change.ts';
import type { KindContent } from './content.ts';
import type { Direction, Message, Person } from './events.ts';
import { digestOf } from './digest.ts';
import { fieldsOf, textOf, type Fields } from './json.ts';
import { extrasOf } from './messages/extras.ts';
import { readingOf, unsupported } from './messages/reading.ts';

/** What the place a message was found in says of it: echo, history, or plainly received. */
export interface Frame {
	direction: Direction;
	person: Person;
	/** Lower-case delivery state for history sync, else null. */
	history: string | null;
}

const SILENT = new Set(['reaction', 'edit', 'revoke', 'system']);
const KEEPS_WINDOW = new Set(['edit', 'revoke', 'system']);
const LONGEST_ID = 512; // goes into a unique index; Meta's are under 120

/** The Message for one delivered message, whatever it looks like. */
export function messageEvent(change: Change, item: unknown, frame: Frame): Message {
	const message = fieldsOf(item) ?? {};
	const { content, body, target } = fieldsOf(item) ? readingOf(message) : unsupported(item, null);
	const extras = extrasOf(message);
	const fromContact = frame.direction === 'in' && content.kind !== 'system';
	const live = fromContact && frame.history === null;
	return {
		type: 'message',
		...change.place,
		...frame.person,
		direction: frame.direction,
		author: frame.direction === 'out' ? 'agent' : content.kind === 'system' ? 'system' : 'contact',
		external_id: externalId(message, item),
		kind: content.kind,
		content: { ...content, ...extras },
		body,
		sent_at: timeIn(change, message.timestamp),
		target_external_id: target ?? targetOf(message),
		opens_window: live && !keepsWindow(content) && extras.group_id === undefined,
		free_entry_point: live && extras.referral !== undefined,
		counts_unread: live && !SILENT.has(content.kind),
		history_status: frame.history
	};
}

/** Corrections and withdrawn reactions are no message to answer. */
function keepsWindow(content: KindContent): boolean {
	return KEEPS_WINDOW.has(content.kind) || (content.kind === 'reaction' && content.removed);
}

/** Meta's id; a digest of the message where there is none, so that a redelivery is known again. */
export function externalId(message: Fields, item: unknown): string {
	const id = textOf(message.id);
	return id !== null && id.length <= LONGEST_ID ? id : `raw:${digestOf(item)}`;
}

function targetOf(message: Fields): string | null {
	return textOf(fieldsOf(message.context)?.id);
}
