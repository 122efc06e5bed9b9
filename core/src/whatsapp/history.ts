import { accountEvent, type Change } from './change.ts';
import type { Event } from './events.ts';
import { historyStatus, isOwnNumber } from './inbound.ts';
import { fieldsOf, itemsOf } from './json.ts';
import { messageEvent } from './message.ts';
import { personOf } from './people.ts';

/** `history[]`: a piece of the phone app's past chats, in threads; its progress, or why there is none, is kept too. */
export function history(change: Change, item: unknown): Event[] {
	const piece = fieldsOf(item);
	if (!piece || !Array.isArray(piece.threads)) return [accountEvent(change, 'history', item)];
	const { threads: _, ...progress } = piece;
	return [accountEvent(change, 'history', progress), ...itemsOf(piece.threads).flatMap((one) => thread(change, one))];
}

/** One customer's messages, both directions: it is the business's own when `from` is the displayed number. */
function thread(change: Change, item: unknown): Event[] {
	const fields = fieldsOf(item);
	if (!fields || !Array.isArray(fields.messages)) return [accountEvent(change, 'history', item)];
	const context = fieldsOf(fields.context);
	const person = personOf(
		{
			phone: fields.id ?? context?.wa_id,
			user: fields.user_id ?? context?.user_id,
			parent: fields.parent_user_id ?? context?.parent_user_id
		},
		change.contacts
	);
	return fields.messages.map((message) => {
		const own = isOwnNumber(change, fieldsOf(message)?.from);
		return messageEvent(change, message, {
			direction: own ? 'out' : 'in',
			person,
			history: historyStatus(message, own)
		});
	});
}
