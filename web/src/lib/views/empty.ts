import CircleCheck from '@lucide/svelte/icons/circle-check-big';
import type { Filter, View } from '../inbox/views.ts';
import { m } from '../paraglide/messages.js';
import { viewIcons } from './named.ts';

type Icon = typeof CircleCheck;

interface Empty {
	icon: Icon;
	title: () => string;
	text: () => string;
}

const nothing: Record<Exclude<View, 'saved'>, Empty> = {
	mine: { icon: CircleCheck, title: m.empty_mine_title, text: m.empty_mine },
	unassigned: { icon: CircleCheck, title: m.empty_unassigned_title, text: m.empty_unassigned },
	all: { icon: CircleCheck, title: m.list_empty_title, text: m.list_empty },
	mentions: { icon: viewIcons.mentions, title: m.empty_mentions_title, text: m.empty_mentions },
	snoozed: { icon: viewIcons.snoozed, title: m.empty_snoozed_title, text: m.empty_snoozed },
	spam: { icon: viewIcons.spam, title: m.empty_spam_title, text: m.empty_spam },
	closed: { icon: viewIcons.closed, title: m.empty_closed_title, text: m.empty_closed },
	team: { icon: CircleCheck, title: m.empty_team_title, text: m.empty_team }
};

/** What a view says when nothing stands in it; null where rules were asked, which may be why. */
export function emptyOf({ view, conditions }: Filter): Empty | null {
	return view === 'saved' || conditions !== null ? null : nothing[view];
}
