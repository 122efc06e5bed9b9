import type { ConversationStatus } from '../database.ts';

export const views = ['mine', 'unassigned', 'all'] as const;
export type View = (typeof views)[number];

/** Which conversations the list shows. */
export interface Filter {
	view: View;
	status: ConversationStatus;
}

/** The filter an address asks for; the plain address is everything open. */
export function readFilter(params: Pick<URLSearchParams, 'get'>): Filter {
	const view = views.find((name) => name === params.get('view')) ?? 'all';
	return { view, status: params.get('status') === 'closed' ? 'closed' : 'open' };
}

/** The search part of a filter's address; empty for the plain one. */
export function writeFilter({ view, status }: Filter): `?${string}` | '' {
	const params = new URLSearchParams();
	if (view !== 'all') params.set('view', view);
	if (status !== 'open') params.set('status', status);
	return params.size > 0 ? `?${params}` : '';
}

/** One name a filter, for what is remembered about its pages. */
export function filterKey({ view, status }: Filter): string {
	return `${view}:${status}`;
}

/** Whether a conversation belongs to a filter, for the person who looks. */
export function matches(
	row: { assignee_id: string | null; status: ConversationStatus },
	{ view, status }: Filter,
	me: string
): boolean {
	if (row.status !== status) return false;
	return view === 'all' || row.assignee_id === (view === 'mine' ? me : null);
}
