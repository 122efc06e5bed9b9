import type { Contact, Channel, Conversation } from '../database.ts';
import { compareInstants } from '../time/instant.ts';

/** A conversation as the list draws it. Realtime sends the same shape, so one function takes both. */
export interface InboxRow extends Conversation {
	contact: Pick<Contact, 'id' | 'name' | 'username' | 'phone'>;
	channel: Pick<Channel, 'id' | 'name' | 'type'>;
}

/** Where a page ends: the list's order is newest first, and the id settles what arrived in the same microsecond. */
export interface Cursor {
	last_message_at: string;
	id: string;
}

/** The list's order, newest first. */
export function byNewest(a: Cursor, b: Cursor): number {
	return compareInstants(b.last_message_at, a.last_message_at) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** Whether a row is newer than another version of itself; equal is not newer, so a repeated change does nothing. */
export function isNewer(row: { updated_at: string }, known: { updated_at: string } | undefined): boolean {
	return known === undefined || compareInstants(row.updated_at, known.updated_at) > 0;
}
