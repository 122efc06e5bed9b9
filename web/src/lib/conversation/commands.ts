import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import AlarmClockOff from '@lucide/svelte/icons/alarm-clock-off';
import Bell from '@lucide/svelte/icons/bell';
import BellOff from '@lucide/svelte/icons/bell-off';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import Signal from '@lucide/svelte/icons/signal';
import TagIcon from '@lucide/svelte/icons/tag';
import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { Ways } from '../inbox/ways.svelte.ts';
import type { Command } from '../keys/command.ts';
import { m } from '../paraglide/messages.js';
import { may, type Place } from '../workspace/context.ts';
import { markSpam, snooze } from './actions.ts';
import { follows, toggleFollowing } from './following.ts';

/** How the open conversation is worked: priority, tags, snoozing, following, spam. */
export function workingCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const group = 'conversation';
	const row = inbox.open;
	const mayWork = row !== null && !row.is_history && may(place, 'conversations.reply');
	const following = follows(inbox, place.person.id);
	return [
		{
			id: 'priority',
			group,
			label: m.priority_set(),
			keys: 'l',
			icon: Signal,
			when: mayWork,
			run: () => ways.show('priority')
		},
		{ id: 'tag', group, label: m.tag_set(), keys: 't', icon: TagIcon, when: mayWork, run: () => ways.show('tag') },
		{
			id: 'snooze',
			group,
			label: m.snooze(),
			keys: 's',
			icon: AlarmClock,
			when: mayWork && row.status === 'open' && !row.is_spam,
			run: () => ways.show('snooze')
		},
		{
			id: 'unsnooze',
			group,
			label: m.snooze_end(),
			icon: AlarmClockOff,
			when: mayWork && row.folder === 'snoozed',
			run: () => row && void snooze(inbox, row, null, '')
		},
		{
			id: 'follow',
			group,
			label: following ? m.unfollow() : m.follow(),
			keys: 'f',
			icon: following ? BellOff : Bell,
			when: row !== null,
			run: () => void toggleFollowing(inbox, place)
		},
		{
			id: 'spam',
			group,
			label: row?.is_spam ? m.spam_unmark() : m.spam_mark(),
			keys: '#',
			icon: OctagonAlert,
			when: mayWork && may(place, 'conversations.close'),
			run: () => row && void markSpam(inbox, row, !row.is_spam)
		}
	];
}
