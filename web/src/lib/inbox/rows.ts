import type { Contact, Channel, Conversation } from '../database.ts';
import { compareInstants } from '../time/instant.ts';

/** A conversation as the list draws it. Realtime sends the same shape, so one function takes both. */
export interface InboxRow extends Conversation {
	contact: Pick<Contact, 'id' | 'name' | 'username' | 'phone' | 'language' | 'attributes' | 'updated_at'>;
	channel: Pick<Channel, 'id' | 'name' | 'type'>;
}

/** What decides the place of a row, newest first; the id settles what arrived in the same microsecond. */
interface Dated {
	last_message_at: string;
	id: string;
}

/** The list's order, newest first. */
export function byNewest(a: Dated, b: Dated): number {
	return compareInstants(b.last_message_at, a.last_message_at) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Whether a row is newer than another version of itself; equal is not newer, so a repeated change does nothing. */
export function isNewer(row: { updated_at: string }, known: { updated_at: string } | undefined): boolean {
	return known === undefined || compareInstants(row.updated_at, known.updated_at) > 0;
}
