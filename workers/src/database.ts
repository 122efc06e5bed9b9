import { PLANS } from '@prosa/core/sql/plans.ts';
import postgres from 'postgres';

export type Database = postgres.Sql;

/** Connections of the tasks themselves; the queue has its own. */
export function connect(url: string, max: number): Database {
	return postgres(url, {
		max,
		onnotice: () => {},
		connection: { application_name: 'prosa-worker', ...PLANS }
	});
}
