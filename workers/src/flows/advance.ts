import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { Programs } from './programs.ts';
import { Reading } from './reading.ts';
import { Rides } from './rides.ts';
import { setOff, take, type Taken } from './take.ts';

/** More than a busy conversation ever needs; then the job is tried again. */
const MOST_TURNS = 100;
/** Conversations in one transaction: whoever takes one of them over waits for it. */
const MOST_TOGETHER = 25;

interface Beginning {
	conversation_id: string;
	trigger_id: string;
	seq: number;
}

interface Kept {
	run_id: string;
	revision: number;
	step: Omit<Taken, 'more'>;
}

/** Takes flows further. Conversations that are at it in the same moment read and commit together. */
export class Flows {
	readonly #db: Database;
	readonly #programs: Programs;
	readonly #reads: Rides<string, unknown>;
	readonly #begins: Rides<Beginning, unknown>;
	readonly #commits: Rides<Kept, string>;

	constructor(db: Database) {
		this.#db = db;
		this.#programs = new Programs(db);
		this.#reads = new Rides(async (ids) => {
			const [row] = await answered(
				db<{ readings: unknown[] }[]>`select private.read_flows(${ids}::uuid[]) as readings`
			);
			return row?.readings ?? [];
		}, MOST_TOGETHER);
		this.#begins = new Rides(async (asked) => {
			const [row] = await answered(
				db<{ readings: unknown[] }[]>`
					select private.begin_flows_by_message(${JSON.stringify(asked)}::text::jsonb) as readings`
			);
			return row?.readings ?? [];
		}, MOST_TOGETHER);
		this.#commits = new Rides(async (steps) => {
			const [row] = await answered(
				db<{ results: string[] }[]>`
					select private.commit_flow_steps(${JSON.stringify(steps)}::text::jsonb) as results`
			);
			return row?.results ?? [];
		}, MOST_TOGETHER);
	}

	/**
	 * Takes a conversation's run through all that has happened, and begins one where a message sets it off. Reads, thinks
	 * without a lock and commits; where something was faster it reads again. Gives how many nodes it ran through.
	 */
	async advance(conversationId: string): Promise<number> {
		let nodes = 0;
		let read: unknown;
		for (let turn = 0; turn < MOST_TURNS; turn++) {
			read ??= await this.#reads.take(conversationId);
			if (!read) return nodes;
			const reading = Reading.parse(read);
			read = undefined;
			const { run } = reading;
			if (!run) {
				const found = setOff(reading);
				if (!found) return nodes;
				const beginning = { conversation_id: conversationId, trigger_id: found.trigger, seq: found.seq };
				read = await this.#begins.take(beginning);
				if (!read) return nodes;
				continue;
			}

			const program = await this.#programs.of(run.flow_id, run.pins);
			if (!program) {
				await answered(this.#db`select private.fail_flow(${run.id}, ${run.revision}, 'flow_invalid')`);
				return nodes;
			}
			const taken = take(program, run, reading);
			if (!taken) return nodes;
			const { more, ...step } = taken;
			const result = await this.#commits.take({ run_id: run.id, revision: run.revision, step });
			if (result === 'stale') continue;
			nodes += step.visits.length;
			if (result !== 'done' || !more) return nodes;
		}
		throw new Error(`the flow of conversation ${conversationId} does not come to rest`);
	}
}
