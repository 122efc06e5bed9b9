import CircleCheck from '@lucide/svelte/icons/circle-check';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import PanelRight from '@lucide/svelte/icons/panel-right';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { Command, CommandGroup } from '#lib/palette/palette.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { may, type Place } from '#lib/workspace/context.ts';
import { assign, close, reopen } from './actions.ts';
import type { Inbox } from './inbox.svelte.ts';
import { contactName, phoneText } from './said.ts';

interface Ways {
	visit: (conversationId: string) => void;
	toggleDetails: () => void;
}

/** What the palette offers in the inbox: things to do with the open conversation, then conversations to go to. */
export function paletteCommands(inbox: Inbox, place: Place, ways: Ways): CommandGroup[] {
	return [
		{ title: m.palette_actions(), commands: actions(inbox, place, ways) },
		{
			title: m.palette_conversations(),
			commands: inbox.conversations.list.slice(0, 200).map(({ id, contact }) => ({
				id,
				label: contactName(contact),
				note: contact.phone ? phoneText(contact.phone) : contact.username ? `@${contact.username}` : '',
				icon: MessageCircle,
				run: () => ways.visit(id)
			}))
		}
	];
}

function actions(inbox: Inbox, place: Place, { toggleDetails }: Ways): Command[] {
	const row = inbox.open;
	if (!row) return [];
	const commands: Command[] = [];
	const me = place.person.id;
	if (may(place, 'conversations.assign') && row.status === 'open') {
		if (row.assignee_id !== me) {
			commands.push({
				id: 'assign-me',
				label: m.assign_me(),
				keys: 'm',
				icon: UserCheck,
				run: () => void assign(inbox, place, row, me)
			});
		}
		for (const { user_id, display_name, role } of place.members) {
			if (user_id === me || user_id === row.assignee_id || role === 'viewer' || role === 'analyst') continue;
			commands.push({
				id: `assign-${user_id}`,
				label: `${m.assign()} · ${display_name}`,
				icon: UserPlus,
				run: () => void assign(inbox, place, row, user_id)
			});
		}
		if (row.assignee_id) {
			commands.push({
				id: 'unassign',
				label: m.unassign(),
				icon: UserMinus,
				run: () => void assign(inbox, place, row, null)
			});
		}
	}
	if (may(place, 'conversations.close') && !row.is_history) {
		commands.push(
			row.status === 'open'
				? { id: 'close', label: m.close(), keys: 'e', icon: CircleCheck, run: () => void close(inbox, row) }
				: { id: 'reopen', label: m.reopen(), icon: RotateCcw, run: () => void reopen(inbox, row) }
		);
	}
	commands.push({ id: 'details', label: m.details(), keys: ']', icon: PanelRight, run: toggleDetails });
	return commands;
}
