import { m } from '#lib/paraglide/messages.js';
import { attempt, done } from '#lib/ui/toast.ts';
import { nameOf, type Place } from '#lib/workspace/context.ts';
import type { Inbox } from './inbox.svelte.ts';
import type { InboxRow } from './rows.ts';

/** Gives a conversation to someone, or to nobody, and offers the way back. */
export async function assign(inbox: Inbox, place: Place, row: InboxRow, assigneeId: string | null) {
	const before = row.assignee_id;
	if (before === assigneeId) return;
	if (!(await attempt(() => inbox.assign(row.id, assigneeId)))) return;
	const sentence =
		assigneeId === null
			? m.done_unassigned()
			: assigneeId === place.person.id
				? m.done_assigned_me()
				: m.done_assigned({ name: nameOf(place, assigneeId) ?? '' });
	done(sentence, () => inbox.assign(row.id, before));
}

export async function close(inbox: Inbox, row: InboxRow) {
	if (row.status === 'closed') return;
	if (await attempt(() => inbox.close(row.id))) done(m.done_closed(), () => inbox.reopen(row.id));
}

export async function reopen(inbox: Inbox, row: InboxRow) {
	if (row.status === 'open') return;
	if (await attempt(() => inbox.reopen(row.id))) done(m.done_reopened(), () => inbox.close(row.id));
}
