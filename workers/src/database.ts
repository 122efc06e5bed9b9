import postgres from 'postgres';

export type Database = postgres.Sql;

/**
 * All that a worker asks comes through an index. Plans are kept for as long as a connection lives: one that was made while a
 * table was new, and all of it the quickest to read, would go on reading all of it.
 */
export const PLANS = { enable_seqscan: 'off' };

/** Connections of the tasks themselves; the queue has its own. */
export function connect(url: string, max: number): Database {
	return postgres(url, {
		max,
		onnotice: () => {},
		connection: { application_name: 'prosa-worker', ...PLANS }
	});
}
