import type { Inbox } from '../inbox/inbox.svelte.ts';
import { m } from '../paraglide/messages.js';
import { attempt, done } from '../ui/toast.ts';
import type { Place } from '../workspace/context.ts';

/** Whether somebody follows the open conversation. */
export function follows(inbox: Inbox, userId: string): boolean {
	return inbox.thread?.followers.includes(userId) ?? false;
}

/** Follows the open conversation, or stops, and offers the way back. */
export async function toggleFollowing(inbox: Inbox, place: Place) {
	const thread = inbox.thread;
	if (!thread) return;
	const me = place.person.id;
	const set = async (following: boolean) => {
		await inbox.change((client) =>
			client.rpc('follow_conversation', { conversation_id: thread.id, user_id: me, following }).throwOnError()
		);
		const others = thread.followers.filter((id) => id !== me);
		thread.followers = following ? [...others, me] : others;
	};
	const following = !follows(inbox, me);
	if (!(await attempt(() => set(following)))) return;
	done(following ? m.done_followed() : m.done_unfollowed(), () => set(!following));
}
