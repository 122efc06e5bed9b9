import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/**
 * Forgets to whom we wrote at what pace, once that no longer limits anything. Runs again safely: it only deletes what is
 * over.
 */
export const sendingLimitsPurge = ({ db }: { db: Database }) =>
	task(z.unknown(), async () => {
		for (const purge of ['purge_pair_paces', 'purge_portfolio_people']) {
			let count = 1;
			while (count > 0) {
				const [row] = await answered(db<{ count: number }[]>`select ${db(`private.${purge}`)}() as count`);
				count = row?.count ?? 0;
			}
		}
	});
