import { visibleRows, type Reach } from './list.ts';
import type { InboxRow } from './rows.ts';
import { orderOf } from './sorts.ts';
import { matches, type Filter, type Looker } from './views.ts';

interface Asked {
	filter: Filter;
	looker: Looker;
	reach: Reach;
}

/** Of more changes at once than this all are sorted anew. */
const mostMoved = 400;

/**
 * What is known of conversations, and of them what a filter shows. While only single rows change, or a page is added, those
 * are put into their places: a list of 10,000 sorted anew for each message would leave no time for anything else.
 */
export class KeptList {
	#rows = new Map<string, InboxRow>();
	#moved = new Set<string>();
	#asked: Asked | null = null;
	#shown: InboxRow[] = [];

	get(id: string): InboxRow | undefined {
		return this.#rows.get(id);
	}

	get rows(): ReadonlyMap<string, InboxRow> {
		return this.#rows;
	}

	set(row: InboxRow) {
		this.#rows.set(row.id, row);
		this.#moved.add(row.id);
	}

	delete(id: string) {
		if (this.#rows.delete(id)) this.#moved.add(id);
	}

	/** The rows of a filter as `visibleRows` has them; the same array while they are the same. */
	shown(filter: Filter, looker: Looker, reach: Reach): InboxRow[] {
		const before = this.#asked;
		this.#asked = { filter, looker, reach };
		if (before && sameQuestion(before, this.#asked)) {
			this.#further(before.reach, this.#asked);
			if (this.#moved.size <= mostMoved) {
				if (this.#moved.size > 0) this.#shown = this.#placed(this.#asked);
				this.#moved.clear();
				return this.#shown;
			}
		}
		this.#moved.clear();
		this.#shown = visibleRows(this.#rows.values(), filter, looker, reach);
		return this.#shown;
	}

	/** What waited for its page has it when the list reaches further. */
	#further({ end, complete }: Reach, { filter, reach }: Asked) {
		if (complete || end === null || (reach.end === end && !reach.complete)) return;
		const order = orderOf(filter.sort);
		for (const row of this.#rows.values()) if (order(row, end) > 0) this.#moved.add(row.id);
	}

	#placed({ filter, looker, reach: { end, complete } }: Asked): InboxRow[] {
		const order = orderOf(filter.sort);
		const rows = this.#shown.filter(({ id }) => !this.#moved.has(id));
		let changed = rows.length < this.#shown.length;
		for (const id of this.#moved) {
			const row = this.#rows.get(id);
			if (!row || !matches(row, filter, looker)) continue;
			if (!complete && end !== null && order(row, end) > 0) continue;
			rows.splice(placeOf(rows, row, order), 0, row);
			changed = true;
		}
		return changed ? rows : this.#shown;
	}
}

/** Whether only the rows, and how far they are loaded, can have changed. A list that begins, or begins anew, is another. */
function sameQuestion(before: Asked, now: Asked): boolean {
	const { me, mentioned, now: at } = before.looker;
	if (before.filter !== now.filter || me !== now.looker.me) return false;
	if (mentioned !== now.looker.mentioned || at !== now.looker.now) return false;
	if (before.reach === now.reach) return true;
	if (before.reach.complete && now.reach.complete) return true;
	if (before.reach.complete || before.reach.end === null || now.reach.end === null) return false;
	return orderOf(now.filter.sort)(before.reach.end, now.reach.end) <= 0;
}

/** Where a row belongs among rows that are in order. */
function placeOf(rows: InboxRow[], row: InboxRow, order: (a: InboxRow, b: InboxRow) => number): number {
	let [from, to] = [0, rows.length];
	while (from < to) {
		const middle = (from + to) >> 1;
		if (order(rows[middle] as InboxRow, row) < 0) from = middle + 1;
		else to = middle;
	}
	return from;
}
