import History from '@lucide/svelte/icons/history';
import Images from '@lucide/svelte/icons/images';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { Ways } from '../inbox/ways.svelte.ts';
import type { Command } from '../keys/command.ts';
import { m } from '../paraglide/messages.js';
import { may, type Place } from '../workspace/context.ts';

/** What there is to see of the open conversation's person. */
export function contactCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const group = 'conversation';
	const when = inbox.open !== null && may(place, 'contacts.read');
	return [
		{ id: 'story', group, label: m.story_open(), keys: 'h', icon: History, when, run: () => ways.show('story') },
		{ id: 'files', group, label: m.files_open(), keys: 'i', icon: Images, when, run: () => ways.show('files') },
		{
			id: 'other-channel',
			group,
			label: m.channel_other(),
			keys: 'Shift C',
			icon: Waypoints,
			when: when && may(place, 'conversations.reply'),
			run: () => ways.show('channel')
		}
	];
}
