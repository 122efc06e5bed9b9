import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** Counts what flows came to (crontab). Runs again safely: a run is counted once, with the mark that it was. */
export const flowCountsFold = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { abortSignal }) => {
		for (let folded = 1; folded > 0;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ folded: number }[]>`select private.fold_flow_counts() as folded`);
			folded = row?.folded ?? 0;
		}
	});
