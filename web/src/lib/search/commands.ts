import CalendarSearch from '@lucide/svelte/icons/calendar-search';
import TextSearch from '@lucide/svelte/icons/text-search';
import type { Inbox } from '#lib/inbox/inbox.svelte.ts';
import type { Ways } from '#lib/inbox/ways.svelte.ts';
import type { Command } from '#lib/keys/command.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Place } from '#lib/workspace/context.ts';

/** Finding something in the open conversation. */
export function searchCommands(inbox: Inbox, _place: Place, ways: Ways): Command[] {
	const group = 'conversation';
	const when = inbox.open !== null;
	return [
		{ id: 'find', group, label: m.find_here(), keys: 'Ctrl F', icon: TextSearch, when, run: () => ways.show('find') },
		{
			id: 'date',
			group,
			label: m.find_date(),
			keys: 'd',
			icon: CalendarSearch,
			when,
			run: () => ways.show('find-date')
		}
	];
}
