import type { Inbox } from '../inbox/inbox.svelte.ts';

/** Gives a conversation to someone, or to nobody. */
export function give(inbox: Inbox, id: string, assigneeId: string | null): Promise<void> {
	const args = { conversation_id: id, assignee_id: assigneeId };
	return inbox.give(id, (client) => client.rpc('assign_conversation', args).throwOnError());
}

/** Takes a conversation for oneself from nobody, or over from whom one saw having it. */
export function take(inbox: Inbox, id: string, over: string | null): Promise<void> {
	return inbox.give(id, (client) => client.rpc('take_conversation', { conversation_id: id, over }).throwOnError());
}

/** Passes a conversation on: to a team, a person, or a person in a team. */
export function pass(
	inbox: Inbox,
	id: string,
	teamId: string | null,
	assigneeId: string | null,
	note: string
): Promise<void> {
	const args = { conversation_id: id, team_id: teamId, assignee_id: assigneeId, note };
	return inbox.give(id, (client) => client.rpc('transfer_conversation', args).throwOnError());
}

/** Takes back what one gave away a minute ago at most, seen or not. */
export function undo(inbox: Inbox, id: string): Promise<void> {
	return inbox.give(id, (client) => client.rpc('undo_handover', { conversation_id: id }).throwOnError());
}
