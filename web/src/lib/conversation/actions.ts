import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { InboxRow } from '../inbox/rows.ts';
import { m } from '../paraglide/messages.js';
import { attempt, done } from '../ui/toast.ts';
import { priorityName } from './priority.ts';

/** Tells the database to do one thing to a conversation; what it answers is shown at once. */
const priorityIs = (inbox: Inbox, id: string, priority: number) =>
	inbox.change((client) => client.rpc('set_priority', { conversation_id: id, priority }).throwOnError());
const tagsAre = (inbox: Inbox, id: string, add: string[], remove: string[]) =>
	inbox.change((client) => client.rpc('tag_conversation', { conversation_id: id, add, remove }).throwOnError());
const snoozedIs = (inbox: Inbox, id: string, until: string | null) =>
	inbox.change((client) =>
		until === null
			? client.rpc('unsnooze_conversation', { conversation_id: id }).throwOnError()
			: client.rpc('snooze_conversation', { conversation_id: id, until }).throwOnError()
	);
const spamIs = (inbox: Inbox, id: string, spam: boolean) =>
	inbox.change((client) => client.rpc('mark_spam', { conversation_id: id, spam }).throwOnError());

/** Says how much a conversation hurries, and offers the way back. */
export async function prioritize(inbox: Inbox, row: InboxRow, priority: number) {
	const before = row.priority;
	if (before === priority) return;
	if (!(await attempt(() => priorityIs(inbox, row.id, priority)))) return;
	const sentence = priority === 0 ? m.done_no_priority() : m.done_priority({ priority: priorityName(priority) });
	done(sentence, () => priorityIs(inbox, row.id, before));
}

/** Hangs a tag on a conversation, or takes it off. */
export async function toggleTag(inbox: Inbox, row: InboxRow, tag: { id: string; name: string }) {
	const has = row.tag_ids.includes(tag.id);
	const [add, remove] = has ? [[], [tag.id]] : [[tag.id], []];
	if (!(await attempt(() => tagsAre(inbox, row.id, add, remove)))) return;
	done(has ? m.done_untagged({ tag: tag.name }) : m.done_tagged({ tag: tag.name }), () =>
		tagsAre(inbox, row.id, remove, add)
	);
}

/** Takes a conversation out of the queue until a moment (`infinity`: until the customer answers), or back (null). */
export async function snooze(inbox: Inbox, row: InboxRow, until: string | null, when: string) {
	const before = row.snoozed_until;
	if (!(await attempt(() => snoozedIs(inbox, row.id, until)))) return;
	done(until === null ? m.done_unsnoozed() : m.done_snoozed({ when }), () => snoozedIs(inbox, row.id, before));
}

/** Marks a conversation as spam, or takes the mark away. */
export async function markSpam(inbox: Inbox, row: InboxRow, spam: boolean) {
	if (row.is_spam === spam) return;
	if (!(await attempt(() => spamIs(inbox, row.id, spam)))) return;
	done(spam ? m.done_spam() : m.done_no_spam(), () => spamIs(inbox, row.id, !spam));
}
