import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

/** Forgets raw webhooks whose keeping time is over, however many. Runs again safely: deletes only what is old. */
export const webhookEventsPurge = ({ db }: { db: Database }) =>
	task(z.unknown(), async (_payload, { abortSignal }) => {
		// In bites, so that no lock and no transaction lasts: a busy day leaves millions.
		for (let gone = 1; gone > 0;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ gone: number }[]>`select private.purge_webhook_events() as gone`);
			gone = row?.gone ?? 0;
		}
		await answered(db`select private.purge_webhook_replays()`);
	});
