import GitMerge from '@lucide/svelte/icons/git-merge';
import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { Ways } from '../inbox/ways.svelte.ts';
import type { Command } from '../keys/command.ts';
import { m } from '../paraglide/messages.js';
import { may, type Place } from '../workspace/context.ts';

/** Making two conversations of a person one. */
export function mergingCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const row = inbox.open;
	return [
		{
			id: 'merge',
			group: 'conversation',
			label: m.join_open(),
			keys: 'Shift J',
			icon: GitMerge,
			when: row !== null && !row.is_history && row.merged_into_id === null && may(place, 'conversations.merge'),
			run: () => ways.show('merge')
		}
	];
}
