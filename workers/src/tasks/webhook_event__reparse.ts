import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';
import { parseKept } from '../webhooks/parse.ts';

/** One body; without an id, all that were kept bare and not tried for a day (crontab). */
const Payload = z.object({ webhook_event_id: z.guid().optional() });

/**
 * Parses bodies again that were kept without their events, as the door would today, and applies them. Runs again
 * safely: receiving is exactly once.
 */
export const webhookEventReparse = ({ db }: { db: Database }) =>
	task(Payload, async ({ webhook_event_id }) => {
		const ids = webhook_event_id ? [webhook_event_id] : await bare(db);
		for (const id of ids) {
			const [row] = await answered(db<{ raw: string | null }[]>`select private.raw_webhook_event(${id}) as raw`);
			if (row?.raw == null) continue;
			const { events, error } = parseKept(row.raw);
			const json = events && JSON.stringify(events);
			await answered(db`select private.receive_parsed(${id}, ${json}::text::jsonb, ${error})`);
		}
	});

async function bare(db: Database): Promise<string[]> {
	const rows = await answered(db<{ id: string }[]>`select id from private.bare_webhook_events() id`);
	return rows.map(({ id }) => id);
}
