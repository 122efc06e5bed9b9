import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/**
 * Runs the automation rules about customers who have waited long enough. Runs again safely: a rule runs once in each wait,
 * and its runs are kept with it.
 */
export const automationRunWaiting = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { logger }) => {
		const [row] = await answered(db<{ ran: number }[]>`select private.run_waiting_rules() as ran`);
		if (row && row.ran > 0) logger.info(`${row.ran} rules ran for customers who wait`);
	});

/** Forgets what rules did more than 30 days ago. Runs again safely: deletes only what is old. */
export const automationRunsPurge = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { abortSignal }) => {
		for (let gone = 1; gone > 0;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ gone: number }[]>`select private.purge_automation_runs() as gone`);
			gone = row?.gone ?? 0;
		}
	});
