import { codeOf } from '#lib/errors/code.ts';
import { m } from '#lib/paraglide/messages.js';
import { attempt, done } from '#lib/ui/toast.ts';
import type { Inbox } from './inbox.svelte.ts';
import type { InboxRow } from './rows.ts';

export async function close(inbox: Inbox, row: InboxRow) {
	if (row.status === 'closed') return;
	let asks = false;
	const closed = await attempt(async () => {
		try {
			await closing(inbox, row.id);
		} catch (problem) {
			if (codeOf(problem) !== 'attributes_required') throw problem;
			asks = true;
		}
	});
	if (asks) await inbox.bulk.ask([row.id], { actions: [{ type: 'close' }] });
	else if (closed) done(m.done_closed(), () => opening(inbox, row.id));
}

export async function reopen(inbox: Inbox, row: InboxRow) {
	if (row.status === 'open') return;
	if (await attempt(() => opening(inbox, row.id))) done(m.done_reopened(), () => closing(inbox, row.id));
}

const closing = (inbox: Inbox, id: string) =>
	inbox.change((client) => client.rpc('close_conversation', { conversation_id: id }).throwOnError());

const opening = (inbox: Inbox, id: string) =>
	inbox.change((client) => client.rpc('reopen_conversation', { conversation_id: id }).throwOnError());
