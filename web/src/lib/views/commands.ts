import ArrowDownUp from '@lucide/svelte/icons/arrow-down-up';
import ListFilter from '@lucide/svelte/icons/list-filter';
import PanelLeft from '@lucide/svelte/icons/panel-left';
import type { Inbox } from '../inbox/inbox.svelte.ts';
import { sorts } from '../inbox/sorts.ts';
import { everything, isSortable, readFilter } from '../inbox/views.ts';
import type { Ways } from '../inbox/ways.svelte.ts';
import type { Command } from '../keys/command.ts';
import { m } from '../paraglide/messages.js';
import type { Place } from '../workspace/context.ts';
import { fixedViews, sortNames, viewIcons, viewNames } from './named.ts';

/** The second key after `g`, for the views one goes to most. */
const keyOf: Partial<Record<(typeof fixedViews)[number], string>> = {
	mine: 'g m',
	unassigned: 'g u',
	all: 'g a',
	mentions: 'g @',
	snoozed: 'g z',
	closed: 'g e'
};

/** Going to views, and changing what the list shows. */
export function viewCommands(inbox: Inbox, place: Place, ways: Ways): Command[] {
	const group = 'list';
	const { filter } = inbox.conversations;
	const { views } = inbox;
	const seesAll = place.workspace.permissions.includes('conversations.read_all');
	return [
		{ id: 'views', group, label: m.views_toggle(), keys: 'v', icon: PanelLeft, run: ways.toggleViews },
		{
			id: 'filter',
			group,
			label: m.filter_title(),
			keys: 'Shift F',
			icon: ListFilter,
			when: filter.view !== 'mentions',
			run: ways.editFilter
		},
		...fixedViews.map((view): Command => {
			const keys = keyOf[view];
			return {
				id: `view-${view}`,
				group,
				label: m.view_go({ name: viewNames[view]() }),
				icon: viewIcons[view],
				...(keys ? { keys } : {}),
				run: () => ways.visit(inbox.openId, { ...everything, view })
			};
		}),
		...views.teams
			.filter(({ id }) => seesAll || place.teamIds.includes(id))
			.map(({ id, name }): Command => ({
				id: `view-team-${id}`,
				group,
				label: m.view_go({ name }),
				icon: viewIcons.team,
				run: () => ways.visit(inbox.openId, { ...everything, view: 'team', id })
			})),
		...views.saved.map(({ id, name }): Command => ({
			id: `view-filter-${id}`,
			group,
			label: m.view_go({ name }),
			icon: viewIcons.saved,
			run: () => ways.visit(inbox.openId, readFilter(new URLSearchParams({ filter: id }), views.saved))
		})),
		...sorts.map((sort): Command => ({
			id: `sort-${sort}`,
			group,
			label: m.sort_by({ name: sortNames[sort]() }),
			icon: ArrowDownUp,
			when: isSortable(filter) && filter.sort !== sort,
			run: () => ways.visit(inbox.openId, { ...filter, sort })
		}))
	];
}
