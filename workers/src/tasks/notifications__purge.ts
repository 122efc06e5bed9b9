import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** Forgets notifications older than three months. Runs again safely: there is nothing left to forget. */
export const notificationsPurge = ({ db }: { db: Database }) =>
	task(z.unknown(), async () => {
		await answered(db`select private.purge_notifications()`);
	});
