import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** Forgets statuses and edits of messages that never came. Runs again safely: deletes only what is old. */
export const earlyEventsPurge = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { abortSignal }) => {
		for (let gone = 1; gone > 0;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ gone: number }[]>`select private.purge_early_events() as gone`);
			gone = row?.gone ?? 0;
		}
	});
