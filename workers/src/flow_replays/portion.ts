import { parseFlow } from '@prosa/core/flows/flow.ts';
import { compile, type Compiled, type Program } from '@prosa/core/flows/program.ts';
import { compare, type Compared } from '@prosa/core/flows/replay/compare.ts';
import { GUESSES } from '@prosa/core/flows/replay/imagined.ts';
import { replay } from '@prosa/core/flows/replay/replay.ts';
import { Trigger } from '@prosa/core/flows/triggers.ts';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import type { Programs } from '../flows/programs.ts';
import { Recording, recordedOf } from './recording.ts';

/** What `private.next_of_flow_replay` gives. */
export const Portion = z.object({
	guess: z.enum(GUESSES),
	flow_id: z.guid(),
	flows: z.record(z.guid(), z.unknown()),
	triggers: z.array(z.object({ id: z.guid(), trigger: z.unknown() })).transform((list) =>
		list.flatMap(({ trigger }) => {
			const read = Trigger.safeParse(trigger);
			return read.success ? [{ trigger: read.data }] : [];
		})
	),
	recordings: z.array(Recording)
});
export type Portion = z.infer<typeof Portion>;

/** The draft made ready to run; null where it, or what it calls, can't be read. */
export function draftOf({ flow_id, flows }: Portion): Program | null {
	const compiled = new Map<string, Compiled>();
	for (const [id, definition] of Object.entries(flows)) {
		const { flow } = parseFlow(definition);
		if (!flow) return null;
		compiled.set(id, compile(flow));
	}
	return { root: flow_id, flows: compiled };
}

/** Replays a portion, letting other jobs take their turn in between. `compared` is null where nothing would have begun. */
export async function replayed(
	draft: Program,
	{ recordings, triggers, guess }: Portion,
	programs: Programs
): Promise<{ number: number; compared: Compared | null }[]> {
	const results = [];
	for (const recording of recordings) {
		const { run, number, told } = recording;
		const program = run && (await programs.of(run.flow_id, run.pins));
		const recorded = recordedOf(recording, program, triggers);
		const compared = recorded && compare(recorded.run, told.length, replay(draft, recorded, guess));
		results.push({ number, compared });
		await turn();
	}
	return results;
}
