import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/**
 * Counts as away whoever's pages have been silent for two minutes.
 * Runs again safely: who is away already stays so.
 */
export const availabilityExpire = ({ db }: { db: Database }) =>
	task(z.unknown(), async () => {
		await answered(db`select private.expire_availability()`);
	});
