import type { Message } from '../database.ts';
import { m } from '../paraglide/messages.js';
import { nameOf, type Place } from '../workspace/context.ts';
import type { InboxRow } from './rows.ts';
import { contactName } from './said.ts';

/** What to call who said something in a conversation. */
export function authorOf(message: Message, row: InboxRow, place: Place): string {
	if (message.direction === 'in') return contactName(row.contact);
	if (message.author_id === place.person.id) return m.you();
	return (
		nameOf(place, message.author_id) ??
		(message.author === 'ai'
			? m.from_ai()
			: isFromPhone(message)
				? m.from_phone()
				: message.is_private
					? m.note_by_itself()
					: row.channel.name)
	);
}

/** One's own bubbles and the customer's are told by side and colour; a colleague's need a name. */
export function shownAuthor(message: Message | null, row: InboxRow, place: Place): string | null {
	return message?.direction === 'out' && message.author_id !== place.person.id ? authorOf(message, row, place) : null;
}

/** Said in the phone app, and told to us afterwards (coexistence). */
const isFromPhone = ({ author, author_id, client_id, is_private }: Message) =>
	author === 'agent' && author_id === null && client_id === null && !is_private;
