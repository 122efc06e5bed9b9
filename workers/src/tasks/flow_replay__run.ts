import { tally, type Compared } from '@prosa/core/flows/replay/compare.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { draftOf, Portion, replayed } from '../flow_replays/portion.ts';
import { Programs } from '../flows/programs.ts';
import { task } from '../task.ts';

/** Conversations a job: less than a second, so that other jobs take their turn in between. */
const PORTION = 50;

const Payload = z.object({ flow_replay_id: z.guid() });

/**
 * Replays a draft over the next conversations, and asks for the job that does those after them. Calls nobody. Runs again
 * safely: what came of a conversation is kept once, and a replay that was cancelled or thrown away is over.
 */
export const flowReplayRun = ({ db }: { db: Database }) => {
	const programs = new Programs(db);
	return task(Payload, async ({ flow_replay_id: id }, { job }) => {
		try {
			await replayOn(id);
		} catch (error) {
			// Nobody tries again after this: whoever waits for it must be told.
			if (job.attempts >= job.max_attempts) await answered(db`select private.end_flow_replay(${id}, null, 'unknown')`);
			throw error;
		}
	});

	async function replayOn(id: string): Promise<void> {
		const [row] = await answered(
			db<{ portion: unknown }[]>`select private.next_of_flow_replay(${id}, ${PORTION}) as portion`
		);
		if (!row?.portion) return;
		const portion = Portion.parse(row.portion);
		const draft = draftOf(portion);
		if (!draft) {
			await answered(db`select private.end_flow_replay(${id}, null, 'flow_invalid')`);
			return;
		}
		const results = JSON.stringify(await replayed(draft, portion, programs));
		const [kept] = await answered(
			db<{ last: boolean }[]>`select private.keep_flow_replay(${id}, ${results}::text::jsonb) as last`
		);
		if (!kept?.last) return;
		const [all] = await answered(
			db<{ results: Compared[] }[]>`select private.results_of_flow_replay(${id}) as results`
		);
		const sum = JSON.stringify(tally(portion.flow_id, all?.results ?? []));
		await answered(db`select private.end_flow_replay(${id}, ${sum}::text::jsonb)`);
	}
};
