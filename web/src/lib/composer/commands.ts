import Clock from '@lucide/svelte/icons/clock';
import Lock from '@lucide/svelte/icons/lock-keyhole';
import Reply from '@lucide/svelte/icons/reply';
import { assistKeys, helps } from '#lib/assist/helps.ts';
import type { Command } from '#lib/keys/command.ts';
import type { Inbox } from '#lib/inbox/inbox.svelte.ts';
import type { Ways } from '#lib/inbox/ways.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { may, type Place } from '#lib/workspace/context.ts';
import { keysOf, menuKeys, ways as sendingWays } from './ways.ts';

/** What is done where one writes: answer, attach, and the keys of the field itself. */
export function composerCommands(_inbox: Inbox, place: Place, { composer }: Ways): Command[] {
	const group = 'writing';
	const free = composer !== null && !composer.blocked;
	const templates = may(place, 'templates.read');
	return [
		{
			id: 'reply',
			group: 'conversation',
			label: m.key_reply(),
			keys: 'r',
			icon: Reply,
			when: composer !== null,
			run: () => composer?.turn('reply')
		},
		{
			id: 'note',
			group: 'conversation',
			label: m.key_note(),
			keys: 'n',
			icon: Lock,
			when: composer?.mayNote === true,
			run: () => composer?.turn('note')
		},
		{
			id: 'attach',
			group,
			label: m.key_attach(),
			keys: menuKeys,
			keysOnly: true,
			when: free,
			run: () => composer?.openMenu()
		},
		{ id: 'emoji', group, label: m.key_emoji(), keys: 'Ctrl .', when: free, run: () => composer?.toggleEmoji() },
		{
			id: 'schedule',
			group,
			label: m.schedule(),
			keys: 'Ctrl Shift L',
			icon: Clock,
			when: free,
			run: () => composer?.openSchedule()
		},
		{
			id: 'assist',
			group,
			label: m.assist(),
			keys: assistKeys,
			keysOnly: true,
			when: free && composer.canAssist('summarise'),
			run: () => composer?.openAssist()
		},
		...helps.map(({ help, label, icon, letter }): Command => ({
			id: `assist-${help}`,
			group,
			label: label(),
			note: m.assist(),
			shows: `${assistKeys} ${letter.toUpperCase()}`,
			icon,
			when: composer?.canAssist(help) === true,
			run: () => composer?.assist(help)
		})),
		...sendingWays
			.filter(({ name }) => name !== 'template' || templates)
			.map((way): Command => ({
				id: `send-${way.name}`,
				group,
				label: way.label(),
				...(way.keys ? { keys: way.keys } : { shows: keysOf(way) }),
				icon: way.icon,
				when: free || (way.name === 'template' && composer !== null),
				run: () => composer?.choose(way.name)
			})),
		{ id: 'send', group, label: m.key_send(), keys: 'Enter', run: null },
		{ id: 'break', group, label: m.key_break(), keys: 'Shift Enter', run: null },
		{ id: 'bold', group, label: m.key_bold(), keys: 'Ctrl B', run: null },
		{ id: 'italic', group, label: m.key_italic(), keys: 'Ctrl I', run: null },
		{ id: 'strike', group, label: m.key_strike(), keys: 'Ctrl Shift X', run: null }
	];
}
