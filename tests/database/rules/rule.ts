import { expect, test } from 'vitest';
import type { Database, Transaction } from '../database.ts';
import { rolledBack } from '../rolled_back.ts';

/** A rule for ever: no object may be found by `offenders`, and `breach` is one way of breaking it. */
export interface Rule {
	/** Selects one text column, the name of each object that breaks the rule. */
	offenders: string;
	/** Statements that break it, so that the rule is known to notice. Rolled back. */
	breach: string;
}

/** Tests that nobody breaks the rule, and that a breach would be found. */
export function rule(database: Database, title: string, { offenders, breach }: Rule): void {
	test(title, async () => {
		expect(await namesOf(database.owner, offenders)).toEqual([]);
		await rolledBack(database.owner, async (sql) => {
			await sql.unsafe(breach);
			expect(await namesOf(sql, offenders), 'a breach goes unnoticed').not.toEqual([]);
		});
	});
}

/** The first column of what a query finds, sorted. */
export async function namesOf(sql: Pick<Transaction, 'unsafe'>, query: string): Promise<string[]> {
	const rows = await sql.unsafe(query).values();
	return rows.map(([name]) => String(name)).sort();
}

/** Ours: where product tables and functions live. */
export const OURS = `('public'::regnamespace, 'private'::regnamespace, 'reporting'::regnamespace)`;
