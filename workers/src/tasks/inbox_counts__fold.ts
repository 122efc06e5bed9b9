import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** Adds up the changes of the inbox's counts that nobody looked at. Runs again safely: what is folded is gone. */
export const inboxCountsFold = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { abortSignal }) => {
		for (let folded = 1; folded > 0;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ folded: number }[]>`select private.fold_inbox_counts() as folded`);
			folded = row?.folded ?? 0;
		}
	});
