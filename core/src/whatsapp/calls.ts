import { timeIn, type Change } from './change.ts';
import type { CallContent } from './content.ts';
import type { Event } from './events.ts';
import { instantOf } from './instant.ts';
import { isOwnNumber } from './inbound.ts';
import { fieldsOf, itemsOf, textOf } from './json.ts';
import { externalId, messageEvent } from './message.ts';
import { personOf } from './people.ts';

/**
 * `calls[]`: one line in the thread for each thing that happened to a call (`connect`, `terminate`), since they come
 * in any order and a row is never rewritten by an older one; `call_id` joins them. A customer's call opens the window.
 */
export function call(change: Change, item: unknown): Event[] {
	const fields = fieldsOf(item);
	const direction = textOf(fields?.direction);
	const out = direction ? /BUSINESS/i.test(direction) : isOwnNumber(change, fields?.from);
	const side = out ? 'to' : 'from';
	const names = {
		phone: fields?.[side],
		user: fields?.[`${side}_user_id`],
		parent: fields?.[`${side}_parent_user_id`]
	};
	const frame = { direction: out ? 'out' : 'in', person: personOf(names, change.contacts), history: null } as const;
	if (!fields || textOf(fields.id) === null) return [messageEvent(change, item, frame)];
	const event = textOf(fields.event);
	const rings = !out && event !== 'terminate';
	return [
		{
			...messageEvent(change, {}, frame),
			external_id: `${externalId(fields, item)}:${event ?? 'call'}`,
			kind: 'call',
			content: contentOf(fields, event),
			sent_at: timeIn(change, fields.timestamp),
			opens_window: rings,
			counts_unread: rings
		}
	];
}

function contentOf(fields: Record<string, unknown>, event: string | null): CallContent {
	const duration = Number(textOf(fields.duration) ?? NaN);
	return {
		kind: 'call',
		call_id: textOf(fields.id) ?? '',
		event,
		status: textOf(fields.status),
		started_at: instantOf(fields.start_time),
		ended_at: instantOf(fields.end_time),
		duration_seconds: Number.isFinite(duration) ? duration : null,
		errors: itemsOf(fields.errors)
	};
}
