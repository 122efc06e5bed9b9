import { isGroup, readConditions, rulesOf, type Conditions } from '@prosa/core/conditions/conditions.ts';
import { isTimed, matchesConditions } from '@prosa/core/conditions/match.ts';
import type { InboxRow } from './rows.ts';
import { isSort, type Sort } from './sorts.ts';

export const views = ['mine', 'unassigned', 'all', 'mentions', 'snoozed', 'spam', 'closed', 'team', 'saved'] as const;
export type View = (typeof views)[number];

/** Which conversations the list shows, and in which order. */
export interface Filter {
	view: View;
	/** The team of view `team`, the filter of view `saved`. */
	id: string | null;
	sort: Sort;
	/** What is asked beyond the view: a saved filter's rules, or some that nobody saved. */
	conditions: Conditions | null;
}

/** A filter that was kept under a name. */
export interface Saved {
	id: string;
	conditions: unknown;
	sort: string;
}

/** Who looks. */
export interface Looker {
	me: string;
	/** The conversations that someone mentioned them in. */
	mentioned: ReadonlySet<string>;
	now: number;
}

export const everything: Filter = { view: 'all', id: null, sort: 'newest', conditions: null };

/** The folder a view shows; a saved filter shows what is open unless its rules speak of folders, and then null. */
export function folderOf({ view, conditions }: Filter): string | null {
	if (view === 'snoozed' || view === 'spam' || view === 'closed') return view;
	if (view === 'mentions') return null;
	if (view !== 'saved') return 'open';
	if (conditions === null || !rulesOf(conditions).some(({ field }) => field === 'folder')) return 'open';
	const only = conditions.match === 'all' && conditions.rules.find((rule) => !isGroup(rule) && rule.field === 'folder');
	return only && !isGroup(only) && only.op === 'is' && typeof only.value === 'string' ? only.value : null;
}

/** Orders other than by the newest mean something only for what is open. */
export const isSortable = (filter: Filter) => folderOf(filter) === 'open';

/** The filter an address asks for, with what is saved of it; the plain address is everything open. */
export function readFilter(params: Pick<URLSearchParams, 'get'>, saved: readonly Saved[] = []): Filter {
	const [team, savedId] = [params.get('team'), params.get('filter')];
	const kept = saved.find(({ id }) => id === savedId);
	const named = views.find((name) => name === params.get('view')) ?? 'all';
	const id = savedId ?? team;
	let view: View = savedId ? 'saved' : team ? 'team' : named === 'saved' || named === 'team' ? 'all' : named;
	// How it was written before there were views of folders.
	if (params.get('status') === 'closed') view = 'closed';
	const sort = params.get('sort') ?? kept?.sort;
	const filter: Filter = {
		view,
		id: view === 'saved' || view === 'team' ? id : null,
		sort: 'newest',
		conditions: readRules(params.get('rules')) ?? readConditions(kept?.conditions)
	};
	return isSort(sort) && isSortable(filter) ? { ...filter, sort } : filter;
}

function readRules(text: string | null): Conditions | null {
	if (text === null) return null;
	try {
		return readConditions(JSON.parse(text));
	} catch {
		return null;
	}
}

/** The search part of a filter's address; empty for the plain one. What is saved of a saved one is left out. */
export function writeFilter(filter: Filter, saved: readonly Saved[] = []): `?${string}` | '' {
	const { view, id, sort, conditions } = filter;
	const params = new URLSearchParams();
	if (view === 'saved' && id) params.set('filter', id);
	else if (view === 'team' && id) params.set('team', id);
	else if (view !== 'all') params.set('view', view);
	const kept = view === 'saved' ? saved.find((one) => one.id === id) : undefined;
	if (sort !== (kept?.sort ?? 'newest')) params.set('sort', sort);
	if (conditions && !(view === 'saved' && (!kept || sameConditions(conditions, kept.conditions)))) {
		params.set('rules', JSON.stringify(conditions));
	}
	return params.size > 0 ? `?${params}` : '';
}

/** Whether two conditions ask the same, however jsonb ordered their parts. */
export function sameConditions(one: unknown, other: unknown): boolean {
	return JSON.stringify(readConditions(one)) === JSON.stringify(readConditions(other));
}

/** One name a filter, for what is remembered about its pages. */
export function filterKey({ view, id, sort, conditions }: Filter): string {
	return [view, id ?? '', sort, conditions ? JSON.stringify(conditions) : ''].join(':');
}

/** Whether what a filter shows changes by time passing alone. */
export const isTimedFilter = ({ conditions }: Filter) => conditions !== null && isTimed(conditions);

/** Whether a conversation belongs to a filter, for the person who looks. */
export function matches(row: InboxRow, filter: Filter, { me, mentioned, now }: Looker): boolean {
	const { view, id, conditions } = filter;
	const folder = folderOf(filter);
	if (folder !== null && row.folder !== folder) return false;
	if (view === 'mine' && row.assignee_id !== me) return false;
	if (view === 'unassigned' && row.assignee_id !== null) return false;
	if (view === 'team' && row.team_id !== id) return false;
	if (view === 'mentions' && !mentioned.has(row.id)) return false;
	return conditions === null || matchesConditions(row, conditions, { me, now });
}
