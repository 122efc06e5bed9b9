import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { task } from '../task.ts';

const Payload = z.object({ team_id: z.guid() });

/** How many conversations one transaction gives: other routers of the tenant wait for it. */
const PORTION = 50;

/**
 * Gives what waits in a team to its members, oldest first, until nobody has room or nothing waits.
 * Runs again safely: what has been given is no longer waiting, and a portion is given whole or not at all.
 */
export const teamRoute = ({ db }: { db: Database }) =>
	task(Payload, async ({ team_id }) => {
		let given = PORTION;
		while (given === PORTION) {
			const [row] = await answered(db<{ given: number }[]>`select private.route(${team_id}, ${PORTION}) as given`);
			given = row?.given ?? 0;
		}
	});
