import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const Payload = z.object({ webhook_event_id: z.guid() });

/**
 * Applies a very large body portion by portion, a transaction each. Runs again safely: how far it got is committed with
 * what was applied, so it goes on where it stopped.
 */
export const webhookEventApply = ({ db }: { db: Database }) =>
	task(Payload, async ({ webhook_event_id }) => {
		for (;;) {
			const [row] = await answered(
				db<{ left: number }[]>`select private.apply_pending_webhook(${webhook_event_id}) as left`
			);
			if (!row?.left) return;
		}
	});
