import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { Inbox } from '#lib/inbox/inbox.svelte.ts';
import type { Ways } from '#lib/inbox/ways.svelte.ts';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import { may, type Place } from '#lib/workspace/context.ts';
import { assign } from './actions.ts';

/** Whose the open conversation is: taking, giving, passing on. */
export function assignmentCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const group = 'conversation';
	const row = inbox.open;
	const me = place.person.id;
	const mayAssign = may(place, 'conversations.assign') && row?.status === 'open';
	return [
		{
			id: 'assign-me',
			group,
			label: m.assign_me(),
			keys: 'm',
			icon: UserCheck,
			when: mayAssign && row.assignee_id !== me,
			run: () => row && void assign(inbox, place, row, me)
		},
		{
			id: 'assign',
			group,
			label: m.assign_to(),
			keys: 'a',
			icon: UserPlus,
			when: mayAssign,
			run: () => ways.show('assign')
		},
		{
			id: 'transfer',
			group,
			label: m.transfer_to(),
			keys: 'Shift T',
			icon: ArrowRightLeft,
			when: mayAssign,
			run: () => ways.show('transfer')
		},
		{
			id: 'unassign',
			group,
			label: m.unassign(),
			icon: UserMinus,
			when: mayAssign && row.assignee_id !== null,
			run: () => row && void assign(inbox, place, row, null)
		}
	];
}
