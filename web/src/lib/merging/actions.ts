import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { InboxRow } from '../inbox/rows.ts';
import { m } from '../paraglide/messages.js';
import { attempt, done } from '../ui/toast.ts';

/** Which of two goes on: the open one; of two that stand alike, the one on the screen. */
export function goesOn(here: InboxRow, other: InboxRow): InboxRow {
	return other.status === 'open' && here.status !== 'open' ? other : here;
}

/** Makes one conversation part of another, and offers the way back. Answers whether it worked. */
export async function merge(inbox: Inbox, into: InboxRow, from: InboxRow): Promise<boolean> {
	if (!(await attempt(() => join(inbox, into.id, from.id)))) return false;
	done(m.join_done({ channel: from.channel.name }), () => separate(inbox, into.id, from.id));
	return true;
}

/** Parts a conversation from the one it is part of, and offers the way back. */
export async function part(inbox: Inbox, intoId: string, fromId: string): Promise<void> {
	if (!(await attempt(() => separate(inbox, intoId, fromId)))) return;
	done(m.join_parted(), () => join(inbox, intoId, fromId));
}

async function join(inbox: Inbox, intoId: string, fromId: string) {
	const args = { into_id: intoId, from_id: fromId };
	await inbox.change((client) => client.rpc('merge_conversations', args).throwOnError());
	await inbox.look(fromId);
}

async function separate(inbox: Inbox, intoId: string, fromId: string) {
	await inbox.give(fromId, (client) => client.rpc('unmerge_conversation', { conversation_id: fromId }).throwOnError());
	await inbox.look(intoId);
}
