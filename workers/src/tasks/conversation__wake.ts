import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const Payload = z.object({ conversation_id: z.guid() });

/**
 * Wakes a snoozed conversation whose time has come. Runs again safely: one that was woken or snoozed anew meanwhile stays
 * as it is.
 */
export const conversationWake = ({ db }: { db: Database }) =>
	task(Payload, async ({ conversation_id }) => {
		await answered(db`select private.wake_conversations(${conversation_id})`);
	});

/** Wakes whatever has slept past its time because its own job was lost (crontab). Runs again safely: what is awake is left alone. */
export const conversationsWake = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { logger }) => {
		let woken = 1;
		while (woken > 0) {
			const [row] = await answered(db<{ woken: number }[]>`select private.wake_conversations() as woken`);
			woken = row?.woken ?? 0;
			if (woken > 0) logger.warn(`${woken} conversations had slept past their time`);
		}
	});
