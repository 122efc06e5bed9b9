import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** Makes the month partitions of messages that will be needed soon. Runs again safely: makes only what is missing. */
export const partitionsMakeAhead = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { logger }) => {
		const [row] = await answered(db<{ made: number }[]>`select private.make_partitions() as made`);
		if (row?.made) logger.info(`made ${row.made} partitions`);
	});
