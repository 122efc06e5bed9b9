import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const Payload = z.object({ scheduled_message_id: z.guid() });

/**
 * Sends a message whose time has come. Runs again safely: one that was sent, taken back or put off meanwhile is left alone,
 * and one that was queued twice is one message by its `client_id`.
 */
export const scheduledMessageSend = ({ db }: { db: Database }) =>
	task(Payload, async ({ scheduled_message_id }) => {
		await answered(db`select private.send_scheduled_due(${scheduled_message_id})`);
	});

/** Sends whatever is a minute late because its own job was lost (crontab). Runs again safely: what was sent is left alone. */
export const scheduledMessagesSend = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { logger }) => {
		let sent = 100;
		while (sent === 100) {
			const [row] = await answered(db<{ sent: number }[]>`select private.send_scheduled_due() as sent`);
			sent = row?.sent ?? 0;
			if (sent > 0) logger.warn(`${sent} scheduled messages were late`);
		}
	});
