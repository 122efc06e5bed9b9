import { failureOf } from '#lib/errors/failure.ts';
import type { Inbox } from '#lib/inbox/inbox.svelte.ts';
import type { InboxRow } from '#lib/inbox/rows.ts';
import { m } from '#lib/paraglide/messages.js';
import { attempt, done, failed, refused } from '#lib/ui/toast.ts';
import { nameOf, type Place } from '#lib/workspace/context.ts';
import * as handover from './handover.ts';
import type { Target } from './target.ts';

/** Gives a conversation to someone, or to nobody, and offers the way back. To oneself it is taken, so that no two have it. */
export async function assign(inbox: Inbox, place: Place, row: InboxRow, assigneeId: string | null) {
	if (row.assignee_id === assigneeId) return;
	if (assigneeId === place.person.id) return take(inbox, place, row);
	if (!(await attempt(() => handover.give(inbox, row.id, assigneeId)))) return;
	done(assigneeId === null ? m.done_unassigned() : m.done_assigned({ name: nameOf(place, assigneeId) ?? '' }), () =>
		handover.undo(inbox, row.id)
	);
}

/**
 * Takes a conversation from nobody, or over from whom the screen shows. Where somebody else was faster, says who, and
 * offers to take it over from them where one still sees it.
 */
export async function take(inbox: Inbox, place: Place, row: InboxRow, over: string | null = row.assignee_id) {
	try {
		await handover.take(inbox, row.id, over);
		done(m.done_assigned_me(), () => handover.undo(inbox, row.id));
	} catch (problem) {
		const holder = holderOf(problem);
		if (!holder) return failed(problem);
		await inbox.look(row.id);
		const sentence = m.taken_by({ name: holder.name });
		if (!inbox.conversations.get(row.id)) return refused(sentence);
		refused(sentence, { label: m.take_over(), act: () => take(inbox, place, row, holder.user_id) });
	}
}

/** Who has it, where that is why it could not be taken. */
function holderOf(problem: unknown): { user_id: string; name: string } | null {
	const { code, detail } = failureOf(problem);
	if (code !== 'conversation_taken' || detail === null) return null;
	const holder: unknown = JSON.parse(detail);
	if (typeof holder !== 'object' || holder === null || !('user_id' in holder) || !('name' in holder)) return null;
	const { user_id, name } = holder;
	return typeof user_id === 'string' && typeof name === 'string' ? { user_id, name } : null;
}

/** Passes a conversation on, with a word for the next one, and offers the way back. Answers whether it worked. */
export async function transfer(
	inbox: Inbox,
	row: InboxRow,
	target: Target,
	{ teamId, assigneeId }: { teamId: string | null; assigneeId: string | null },
	note: string
): Promise<boolean> {
	if (!(await attempt(() => handover.pass(inbox, row.id, teamId, assigneeId, note)))) return false;
	done(m.done_transferred({ name: target.name }), () => handover.undo(inbox, row.id));
	return true;
}
