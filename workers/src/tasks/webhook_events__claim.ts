import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';
import { parseKept } from '../webhooks/parse.ts';

const PORTION = 20;

const Payload = z.object({ channel_id: z.guid() });

interface Unclaimed {
	id: string;
	/** Text: a date would lose its microseconds, and the place with them. */
	received_at: string;
	raw: string;
}

/**
 * A number was connected: what came for it before is applied, oldest first. Runs again safely: a body is gone from the
 * unclaimed ones once all of it has been.
 */
export const webhookEventsClaim = ({ db }: { db: Database }) =>
	task(Payload, async ({ channel_id }) => {
		let after = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
		for (;;) {
			const bodies = await answered(
				db<Unclaimed[]>`
					select id, received_at, raw
					from private.unclaimed_for(${channel_id}, ${after.at}::text::timestamptz, ${after.id}, ${PORTION})`
			);
			for (const { id, raw } of bodies) {
				const { events, error } = parseKept(raw);
				const json = events && JSON.stringify(events);
				await answered(db`select private.receive_parsed(${id}, ${json}::text::jsonb, ${error})`);
			}
			const last = bodies.at(-1);
			if (!last || bodies.length < PORTION) return;
			after = { at: last.received_at, id: last.id };
		}
	});
