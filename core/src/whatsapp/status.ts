import { accountEvent, timeIn, type Change } from './change.ts';
import { STATUSES, type Event, type GraphError, type Status } from './events.ts';
import { fieldsOf, itemsOf, textOf, type Fields } from './json.ts';
import { personOf } from './people.ts';

/** `statuses[]`: what became of a message of ours. One we can't place or name is kept as an account event. */
export function status(change: Change, item: unknown): Event[] {
	const fields = fieldsOf(item);
	const name = knownStatus(textOf(fields?.status));
	const id = textOf(fields?.id);
	if (!fields || name === null || id === null || fields.type === 'call')
		return [accountEvent(change, 'statuses', item)];
	return [
		{
			type: 'status',
			...change.place,
			...personOf(recipient(fields), change.contacts),
			external_id: id,
			status: name,
			at: timeIn(change, fields.timestamp),
			opaque: textOf(fields.biz_opaque_callback_data),
			error: errorOf(itemsOf(fields.errors)[0]),
			pricing: pricingOf(fields)
		}
	];
}

/** An error of Meta's as we keep it; null when there is none. */
export function errorOf(item: unknown): GraphError | null {
	const error = fieldsOf(item);
	if (!error) return null;
	const code = Number(textOf(error.code) ?? NaN);
	const title = textOf(error.title) ?? textOf(error.message) ?? '';
	const message = textOf(error.message);
	const details = textOf(fieldsOf(error.error_data)?.details) ?? (message === title ? null : message);
	return { code: Number.isSafeInteger(code) ? code : 0, title, details };
}

function knownStatus(name: string | null): Status['status'] | null {
	return STATUSES.find((known) => known === name?.toLowerCase()) ?? null;
}

/** In a group `recipient_id` is the group's; the person is the participant. */
function recipient(fields: Fields) {
	if (fields.recipient_type === 'group') {
		return {
			phone: fields.recipient_participant_id ?? fields.participant_recipient_id,
			user: fields.recipient_participant_user_id
		};
	}
	return {
		phone: fields.recipient_id,
		user: fields.recipient_user_id,
		parent: fields.recipient_parent_user_id ?? fields.parent_recipient_user_id
	};
}

function pricingOf(fields: Fields): object | null {
	const pricing = fieldsOf(fields.pricing);
	const conversation = fieldsOf(fields.conversation);
	if (!conversation) return pricing;
	return { ...pricing, conversation };
}
