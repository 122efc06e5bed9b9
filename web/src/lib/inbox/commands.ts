import ArrowUp from '@lucide/svelte/icons/arrow-up';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import PanelRight from '@lucide/svelte/icons/panel-right';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import { may, type Place } from '#lib/workspace/context.ts';
import { close, reopen } from './actions.ts';
import type { Inbox } from './inbox.svelte.ts';
import { contactName, phoneText } from './said.ts';
import type { Ways } from './ways.svelte.ts';

/** Moving through the list. */
export function listCommands(inbox: Inbox, _place: Place, ways: Ways): Command[] {
	const group = 'moving';
	return [
		{ id: 'next', group, label: m.key_next(), keys: ['j', 'ArrowDown'], keysOnly: true, run: () => ways.move(1) },
		{
			id: 'previous',
			group,
			label: m.key_previous(),
			keys: ['k', 'ArrowUp'],
			keysOnly: true,
			run: () => ways.move(-1)
		},
		{
			id: 'open',
			group,
			label: m.key_open(),
			keys: 'Enter',
			keysOnly: true,
			when: inbox.openId === null,
			run: ways.openRow
		},
		{
			id: 'back',
			group,
			label: m.key_back(),
			keys: 'Escape',
			keysOnly: true,
			when: inbox.openId !== null,
			run: () => ways.visit(null)
		},
		{ id: 'list', group, label: m.list_toggle(), keys: '[', run: ways.toggleList }
	];
}

/** What is done to the open conversation. */
export function conversationCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const group = 'conversation';
	const row = inbox.open;
	const unread = inbox.thread?.firstUnread ?? null;
	const mayClose = may(place, 'conversations.close') && row !== null && !row.is_history;
	return [
		{
			id: 'close',
			group,
			label: m.close(),
			keys: 'e',
			icon: CircleCheck,
			when: mayClose && row.status === 'open',
			run: () => row && void close(inbox, row)
		},
		{
			id: 'reopen',
			group,
			label: m.reopen(),
			icon: RotateCcw,
			when: mayClose && row.status === 'closed',
			run: () => row && void reopen(inbox, row)
		},
		{
			id: 'first-unread',
			group,
			label: m.thread_to_unread(),
			keys: 'u',
			icon: ArrowUp,
			when: unread !== null,
			run: () => unread !== null && void inbox.thread?.seek({ seq: unread, messageId: null })
		},
		{
			id: 'details',
			group,
			label: m.details(),
			keys: ']',
			icon: PanelRight,
			when: row !== null,
			run: ways.toggleDetails
		}
	];
}

/** Conversations to go to, of those the list has loaded. */
export function loadedConversations(inbox: Inbox, ways: Ways): Command[] {
	return inbox.conversations.list.slice(0, 200).map(({ id, contact }) => ({
		id,
		group: 'conversations',
		label: contactName(contact),
		note: contact.phone ? phoneText(contact.phone) : contact.username ? `@${contact.username}` : '',
		icon: MessageCircle,
		run: () => ways.visit(id)
	}));
}
