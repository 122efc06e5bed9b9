import type { InboxRow } from './rows.ts';

/** Who looks at the inbox, and how far they see. */
export interface Viewer {
	me: string;
	teamIds: string[];
	seesAll: boolean;
	picks: boolean;
}

/**
 * Whether a conversation's row is one the viewer may see, by the rule of the database's policies. It decides nothing:
 * where it says no, the database is asked.
 */
export function inSight(
	{ assignee_id, team_id }: Pick<InboxRow, 'assignee_id' | 'team_id'>,
	{ me, teamIds, seesAll, picks }: Viewer
): boolean {
	if (seesAll || assignee_id === me) return true;
	if (team_id !== null) return teamIds.includes(team_id);
	return picks && assignee_id === null;
}

/** The topics on which one hears of every conversation one may see. */
export function inboxTopics(tenantId: string, { me, teamIds, seesAll, picks }: Viewer): string[] {
	const inbox = `inbox:${tenantId}`;
	if (seesAll) return [`${inbox}:all`];
	const own = [`${inbox}:user:${me}`, ...teamIds.map((id) => `${inbox}:team:${id}`)];
	return picks ? [...own, `${inbox}:unassigned`] : own;
}
