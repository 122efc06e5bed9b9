import type { Company } from '../people.ts';

/** One person of each company in each role. The two agents differ in what is theirs: `agent` answers alone, `teammate` in a team. */
export const ROLES = ['admin', 'supervisor', 'agent', 'teammate', 'viewer', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** Five conversations a company, by who has them. */
export const THREADS = ['agent', 'teammate', 'team', 'nobody', 'supervisor'] as const;
export type Thread = (typeof THREADS)[number];

/** Which rows of their own company a role reaches, by label. Another company's are none, always, and need no saying. */
export type Reach = Record<Role, 'all' | 'none' | readonly string[]>;

export interface TableRow {
	/** The column whose value says which row it is. */
	label: string;
	sees: Reach;
	/** Columns that may be written, each with the value to try; every other column is refused, as are insert and delete. */
	updates?: { columns: Record<string, string>; who: Reach };
}

export interface FunctionRow {
	/** A call on one row; `ids` gives the uuid of a named row of a company. */
	call(id: (name: string) => string): string;
	/** What it is called on, once each. */
	on: readonly string[];
	/** For whom it does its work. */
	does: Reach;
	/** Who sees the row but is told `not_allowed`. Everyone else gets `hidden`. */
	mayNot: Reach;
	hidden: string;
	/** Who is told something else. */
	otherwise?: { who: Reach; says: string };
}

export interface TopicRow {
	topic(tenantId: string, id: (name: string) => string, label: string): string;
	/** The topics of this kind in one company. */
	labels: readonly string[];
	joins: Reach;
	/** Who may be present there. Nobody may broadcast on any topic. */
	tracks: Reach;
}

export interface BucketRow {
	/** Files of messages, by whose the conversation is. */
	reads: Reach;
	/** Files of canned responses, by the response. */
	lends: Reach;
	/** Who uploads, under their own name, and reads and takes back what is not sent yet. */
	writes: Reach;
}

const each = (reach: 'all' | 'none'): Reach => ({
	admin: reach,
	supervisor: reach,
	agent: reach,
	teammate: reach,
	viewer: reach,
	analyst: reach
});

export const NONE = each('none');
export const MEMBERS: Reach = { ...each('all'), analyst: 'none' };
export const ANSWERERS: Reach = { ...MEMBERS, viewer: 'none' };

/** Whoever follows a conversation: everyone who reads all, and agents where it is theirs, their team's, or nobody's. */
export const FOLLOWERS: Reach = {
	...MEMBERS,
	agent: ['agent', 'nobody'],
	teammate: ['teammate', 'team', 'nobody']
};
export const ANSWERING_FOLLOWERS: Reach = { ...FOLLOWERS, viewer: 'none' };

/** Canned responses: everybody's, a team's, and the agent's own; whoever manages them sees the team's too. */
export const CANNED: Reach = {
	...NONE,
	admin: ['canned', 'canned_team'],
	supervisor: ['canned', 'canned_team'],
	agent: ['canned', 'canned_own'],
	teammate: ['canned', 'canned_team'],
	viewer: ['canned']
};

/** Whether a person of `role` in `theirs` reaches the row `label` of `company`. */
export function reaches(
	reach: Reach,
	theirs: Company | null,
	role: Role | null,
	company: Company,
	label: string
): boolean {
	if (theirs !== company || role === null) return false;
	const rows = reach[role];
	return rows === 'all' || (rows !== 'none' && rows.includes(label));
}
