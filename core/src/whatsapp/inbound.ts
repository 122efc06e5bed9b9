import type { Change } from './change.ts';
import type { Event } from './events.ts';
import { identityFromSystem } from './identity_change.ts';
import { fieldsOf, textOf } from './json.ts';
import { messageEvent } from './message.ts';
import { personOf } from './people.ts';
import { phoneKey } from './phone.ts';

/**
 * `messages[]`: what customers wrote. In the field `history` they are old media messages whose placeholder came
 * before; those may be the business's own.
 */
export function inbound(change: Change, item: unknown): Event[] {
	const message = fieldsOf(item);
	const names = { phone: message?.from, user: message?.from_user_id, parent: message?.from_parent_user_id };
	if (change.field === 'history') {
		const own = isOwnNumber(change, message?.from);
		const customer = own
			? { phone: message?.to, user: message?.to_user_id, parent: message?.to_parent_user_id }
			: names;
		const person = personOf(customer, change.contacts);
		return [messageEvent(change, item, { direction: own ? 'out' : 'in', person, history: historyStatus(item, own) })];
	}
	const identity = message && identityFromSystem(change, message);
	const sender = personOf(names, change.contacts);
	// the notice names all of them too, current ones last: by the old number alone it would bring that one back
	const person = identity ? { ...sender, identities: identity.identities } : sender;
	const event = messageEvent(change, item, { direction: 'in', person, history: null });
	return identity ? [identity, event] : [event];
}

/** True for the business's own number, however it is written. */
export function isOwnNumber(change: Change, number: unknown): boolean {
	const key = phoneKey(textOf(number) ?? '');
	return key !== null && key === phoneKey(change.display);
}

/** The state history sync gives a message, in our words. */
export function historyStatus(item: unknown, own: boolean): string {
	const status = textOf(fieldsOf(fieldsOf(item)?.history_context)?.status);
	return status?.toLowerCase() ?? (own ? 'sent' : 'received');
}
