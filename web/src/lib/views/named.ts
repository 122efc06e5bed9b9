import Archive from '@lucide/svelte/icons/archive';
import AtSign from '@lucide/svelte/icons/at-sign';
import Clock from '@lucide/svelte/icons/clock';
import Filter from '@lucide/svelte/icons/list-filter';
import Inbox from '@lucide/svelte/icons/inbox';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import User from '@lucide/svelte/icons/user';
import UserX from '@lucide/svelte/icons/user-x';
import Users from '@lucide/svelte/icons/users';
import type { Filter as InboxFilter, View } from '../inbox/views.ts';
import type { Sort } from '../inbox/sorts.ts';
import { m } from '../paraglide/messages.js';
import type { InboxCounts } from './counts.svelte.ts';
import type { Views } from './views.svelte.ts';

/** The views everybody has, in their order: what is to be done, then what was put aside. */
export const fixedViews = ['mine', 'unassigned', 'all', 'mentions', 'snoozed', 'spam', 'closed'] as const;
export type FixedView = (typeof fixedViews)[number];

export const viewIcons = {
	mine: User,
	unassigned: UserX,
	all: Inbox,
	mentions: AtSign,
	snoozed: Clock,
	spam: ShieldAlert,
	closed: Archive,
	team: Users,
	saved: Filter
} satisfies Record<View, unknown>;

export const viewNames: Record<FixedView, () => string> = {
	mine: m.view_mine,
	unassigned: m.view_unassigned,
	all: m.view_all,
	mentions: m.view_mentions,
	snoozed: m.view_snoozed,
	spam: m.view_spam,
	closed: m.view_closed
};

export const sortNames: Record<Sort, () => string> = {
	newest: m.sort_newest,
	waiting: m.sort_waiting,
	priority: m.sort_priority,
	due: m.sort_due
};

/** What the list is called. */
export function nameOfView({ view, id }: InboxFilter, { saved, teams }: Pick<Views, 'saved' | 'teams'>): string {
	if (view === 'saved') return saved.find((one) => one.id === id)?.name ?? m.view_saved_gone();
	if (view === 'team') return teams.find((one) => one.id === id)?.name ?? m.view_team();
	return viewNames[view]();
}

/** The count beside a view; null where none is shown, for a closed conversation asks for nothing. */
export function countOf(counts: InboxCounts | null, view: FixedView): number | null {
	if (counts === null || view === 'closed') return null;
	return counts[view];
}
