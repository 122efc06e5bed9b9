import type { Account, Person, Place } from './events.ts';
import { fieldsOf, type Fields } from './json.ts';
import { instantOf, NO_TIME } from './instant.ts';

/** One `changes[]` item of a webhook with all its parts may need to know of what stands around them. */
export interface Change {
	place: Place;
	field: string;
	value: Fields;
	contacts: Person[];
	/** The business's own number as displayed, '' if not said. */
	display: string;
	/** The entry's time, for parts that have none of their own. */
	time: string | null;
}

/** The part's time, else the entry's, else NO_TIME: the same for every redelivery. */
export function timeIn(change: Change, value: unknown): string {
	return instantOf(value) ?? change.time ?? NO_TIME;
}

/** Anything that is not about one message or person. A payload that is no object is wrapped: `{ value }`. */
export function accountEvent(change: Change, field: string, part: unknown): Account {
	const payload = fieldsOf(part) ?? { value: part };
	return { type: 'account', ...change.place, field, payload, at: timeIn(change, payload.timestamp) };
}
