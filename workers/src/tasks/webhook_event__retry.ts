import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** A body of imported history holds thousands of events. */
const PATIENCE_MS = 600_000;

const Payload = z.object({ webhook_event_id: z.guid() });

/**
 * Tries the events of one webhook again that were set aside with an error. Where some still fail, the database has
 * asked for another try itself, each later than the last. Runs again safely: what went through is known by its id.
 */
export const webhookEventRetry = ({ db }: { db: Database }) =>
	task(Payload, async ({ webhook_event_id }) => {
		await answered(db`select private.retry_webhook_event(${webhook_event_id})`, PATIENCE_MS);
	});
