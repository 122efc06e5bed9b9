import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { Goal } from '../inbox/thread.svelte.ts';

/** Brings a message of a part of the open conversation into sight: where the part stands, opened, at the message. */
export async function seekPart(inbox: Inbox, partId: string, goal: Goal): Promise<void> {
	const { thread } = inbox;
	const part = thread?.parts.find(({ id }) => id === partId);
	if (!thread || !part) return;
	// It stands where it ended, which may be further back than what is loaded.
	await inbox.seekDate(thread.id, part.last_message_at);
	await inbox.seek(partId, goal);
	thread.openPart = partId;
}
