import type { Sql, Transaction } from './database.ts';

const ROLLBACK = Symbol('rollback');

/** Runs `work` in a transaction that is rolled back whatever comes of it: the schema may be broken in there. */
export async function rolledBack(owner: Sql, work: (sql: Transaction) => Promise<void>): Promise<void> {
	await owner
		.begin(async (sql) => {
			await work(sql);
			throw ROLLBACK;
		})
		.catch((error: unknown) => {
			if (error !== ROLLBACK) throw error;
		});
}
