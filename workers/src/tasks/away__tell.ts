import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const Payload = z.object({ conversation_id: z.guid() });

/** Tells a customer who wrote outside the hours that nobody is there. Runs again safely: it is said once an absence. */
export const awayTell = ({ db }: { db: Database }) =>
	task(Payload, async ({ conversation_id }) => {
		await answered(db`select private.tell_away(${conversation_id})`);
	});
