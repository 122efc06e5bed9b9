import { compareInstants } from '../time/instant.ts';
import { byNewest } from './rows.ts';

export const sorts = ['newest', 'waiting', 'priority', 'due'] as const;
export type Sort = (typeof sorts)[number];

export const isSort = (name: unknown): name is Sort => sorts.some((sort) => sort === name);

/** What of a row decides its place; where a page ends. */
export interface Cursor {
	id: string;
	last_message_at: string;
	waiting_since: string | null;
	sla_due_at: string | null;
	priority: number;
}

/** Whether a row is among those an order puts first; the others follow, newest first. */
export function isMarked(row: Cursor, sort: Sort): boolean {
	if (sort === 'waiting') return row.waiting_since !== null;
	if (sort === 'due') return row.sla_due_at !== null;
	return sort === 'priority' && row.priority > 0;
}

const byId = (a: Cursor, b: Cursor) => (a.id < b.id ? -1 : Number(a.id > b.id));

const marked: Record<Exclude<Sort, 'newest'>, (a: Cursor, b: Cursor) => number> = {
	waiting: (a, b) => compareInstants(a.waiting_since, b.waiting_since) || byId(a, b),
	due: (a, b) => compareInstants(a.sla_due_at, b.sla_due_at) || byId(a, b),
	priority: (a, b) => b.priority - a.priority || byNewest(a, b)
};

/** The order of a list, as the database has it. */
export function orderOf(sort: Sort): (a: Cursor, b: Cursor) => number {
	if (sort === 'newest') return byNewest;
	return (a, b) => {
		const [one, other] = [isMarked(a, sort), isMarked(b, sort)];
		if (one !== other) return one ? -1 : 1;
		return one ? marked[sort](a, b) : byNewest(a, b);
	};
}
