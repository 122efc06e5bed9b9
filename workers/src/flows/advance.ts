import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import type { Programs } from './programs.ts';
import { Reading } from './reading.ts';
import { setOff, take } from './take.ts';

/** More than a busy conversation ever needs; then the job is tried again. */
const MOST_TURNS = 100;

/**
 * Takes a conversation's run through all that has happened, and begins one where a message sets it off. Reads, thinks
 * without a lock and commits; where something was faster it reads again. Gives how many nodes it ran through.
 */
export async function advance(db: Database, programs: Programs, conversationId: string): Promise<number> {
	let nodes = 0;
	for (let turn = 0; turn < MOST_TURNS; turn++) {
		const [row] = await answered(db<{ reading: unknown }[]>`select private.read_flow(${conversationId}) as reading`);
		if (!row?.reading) return nodes;
		const reading = Reading.parse(row.reading);
		const { run } = reading;
		if (!run) {
			const found = setOff(reading);
			if (!found) return nodes;
			await answered(db`select private.begin_flow_by_message(${conversationId}, ${found.trigger}, ${found.seq})`);
			continue;
		}

		const program = await programs.of(run.flow_id, run.pins);
		if (!program) {
			await answered(db`select private.fail_flow(${run.id}, ${run.revision}, 'flow_invalid')`);
			return nodes;
		}
		const taken = take(program, run, reading);
		if (!taken) return nodes;
		const { more, ...kept } = taken;
		const [answer] = await answered(
			db<{ result: string }[]>`
				select private.commit_flow_step(${run.id}, ${run.revision}, ${JSON.stringify(kept)}::text::jsonb) as result`
		);
		if (answer?.result === 'stale') continue;
		nodes += kept.visits.length;
		if (answer?.result !== 'done' || !more) return nodes;
	}
	throw new Error(`the flow of conversation ${conversationId} does not come to rest`);
}
