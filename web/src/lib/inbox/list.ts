import { isNewer, type InboxRow } from './rows.ts';
import { orderOf, type Cursor } from './sorts.ts';
import { matches, type Filter, type Looker } from './views.ts';

/** How far a filter's pages reach. `end` is null while nothing is loaded. */
export interface Reach {
	end: Cursor | null;
	complete: boolean;
}

/**
 * The rows a filter shows, in its order. Realtime brings rows from beyond the last loaded page too; those wait for their
 * page, or the list would show them with a hole before them.
 */
export function visibleRows(
	rows: Iterable<InboxRow>,
	filter: Filter,
	looker: Looker,
	{ end, complete }: Reach
): InboxRow[] {
	const order = orderOf(filter.sort);
	const shown = [...rows].filter((row) => matches(row, filter, looker));
	const within = complete || end === null ? shown : shown.filter((row) => order(row, end) <= 0);
	return within.sort(order);
}

/** Which of some rows change what is known: late and repeated ones don't, nor what another of them replaces. */
export function newestRows(known: ReadonlyMap<string, InboxRow>, rows: InboxRow[]): InboxRow[] {
	const newest = new Map<string, InboxRow>();
	for (const row of rows) if (isNewer(row, newest.get(row.id) ?? known.get(row.id))) newest.set(row.id, row);
	return [...newest.values()];
}

/** The ids that were asked for and did not come. */
export function missing(ids: string[], rows: InboxRow[]): string[] {
	const found = new Set(rows.map(({ id }) => id));
	return ids.filter((id) => !found.has(id));
}
