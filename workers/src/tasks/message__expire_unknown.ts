import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/**
 * Shows a person the sends whose outcome is still unknown after ten minutes; nothing is sent again. Rings for what should
 * have left a minute ago.
 * Runs again safely: what has been shown is not shown twice.
 */
export const messageExpireUnknown = ({ db }: { db: Database }) =>
	task(z.unknown(), async () => {
		await answered(db`select private.expire_unknown_sends(), private.ring_late_outbox()`);
	});
