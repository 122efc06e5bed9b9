import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';
import { parseKept } from '../webhooks/parse.ts';

/** Bodies a job: some seconds at most, so that other jobs take their turn in between. */
const PORTION = 50;

const Payload = z.object({ replay_id: z.guid() });

/**
 * Replays the next bodies of a range and asks for the job that does those after them. Runs again safely: each body is
 * applied, counted and taken off the list in one transaction.
 */
export const webhookEventsReplay = ({ db }: { db: Database }) =>
	task(Payload, async ({ replay_id }) => {
		const bodies = await answered(
			db<{ id: string; raw: string | null }[]>`select id, raw from private.next_of_replay(${replay_id}, ${PORTION})`
		);
		for (const { id, raw } of bodies) {
			const { events, error } = raw === null ? { events: null, error: null } : parseKept(raw);
			const json = events && JSON.stringify(events);
			await answered(db`select private.replay_one(${replay_id}, ${id}, ${json}::text::jsonb, ${error})`);
		}
		await answered(db`select private.continue_replay(${replay_id})`);
	});
