import { timeIn, type Change } from './change.ts';
import type { Event } from './events.ts';
import { fieldsOf, textOf } from './json.ts';
import { personOf } from './people.ts';

/** `user_preferences[]`: the person stopped, or resumed, marketing from us. Nothing when it says anything else. */
export function preference(change: Change, item: unknown): Event[] {
	const fields = fieldsOf(item);
	const value = textOf(fields?.value)?.toLowerCase();
	if (!fields || (value !== 'stop' && value !== 'resume')) return [];
	const person = personOf(
		{ phone: fields.wa_id, user: fields.user_id, parent: fields.parent_user_id },
		change.contacts
	);
	if (person.identities.length === 0) return [];
	return [
		{
			type: 'preference',
			...change.place,
			...person,
			category: textOf(fields.category) ?? 'marketing_messages',
			value,
			at: timeIn(change, fields.timestamp)
		}
	];
}
