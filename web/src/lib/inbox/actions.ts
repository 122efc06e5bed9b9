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
			await inbox.close(row.id);
		} catch (problem) {
			if (codeOf(problem) !== 'attributes_required') throw problem;
			asks = true;
		}
	});
	if (asks) await inbox.bulk.ask([row.id], { actions: [{ type: 'close' }] });
	else if (closed) done(m.done_closed(), () => inbox.reopen(row.id));
}

export async function reopen(inbox: Inbox, row: InboxRow) {
	if (row.status === 'open') return;
	if (await attempt(() => inbox.reopen(row.id))) done(m.done_reopened(), () => inbox.close(row.id));
}
