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
