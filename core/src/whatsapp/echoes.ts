import type { Change } from './change.ts';
import type { Event } from './events.ts';
import { fieldsOf } from './json.ts';
import { messageEvent } from './message.ts';
import { personOf } from './people.ts';

/** `message_echoes[]`: what the business itself sent from its phone app (coexistence). */
export function echo(change: Change, item: unknown): Event[] {
	const message = fieldsOf(item);
	const names = { phone: message?.to, user: message?.to_user_id, parent: message?.to_parent_user_id };
	const person = personOf(names, change.contacts);
	return [messageEvent(change, item, { direction: 'out', person, history: null })];
}
