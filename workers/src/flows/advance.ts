import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { Programs } from './programs.ts';
import { Reading } from './reading.ts';
import { Rides } from './rides.ts';
import { begun, setOff, since, take, UNREADABLE, unreadable, type Run, type Taken } from './take.ts';

/** More than a busy conversation ever needs; then the job is tried again. */
const MOST_TURNS = 100;
/** Conversations in one transaction: whoever takes one of them over waits for it. */
const MOST_TOGETHER = 25;

type Step = Omit<Taken, 'more'>;

/** A step of a run that lives, or the first of one that a message sets off. */
type Kept =
	| { run_id: string; revision: number; step: Step }
	| {
			conversation_id: string;
			beginning: { run_id: string; trigger_id: string; seq: number; pins: object };
			step: Step;
	  };

/** What a conversation's next step is, and whether there may be another right behind it. */
interface Thought {
	kept: Kept;
	more: boolean;
}

type Result = 'done' | 'failed' | 'stale' | 'taken_over' | 'gone';

/** Takes flows further. Conversations that are at it in the same moment read and commit together. */
export class Flows {
	readonly #db: Database;
	readonly #programs: Programs;
	readonly #reads: Rides<string, unknown>;
	readonly #commits: Rides<Kept, Result>;

	constructor(db: Database) {
		this.#db = db;
		this.#programs = new Programs(db);
		this.#reads = new Rides(async (ids) => {
			const [row] = await answered(
				db<{ readings: unknown[] }[]>`select private.read_flows(${ids}::uuid[]) as readings`
			);
			return row?.readings ?? [];
		}, MOST_TOGETHER);
		this.#commits = new Rides(async (steps) => {
			const [row] = await answered(
				db<{ results: Result[] }[]>`
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
		for (let turn = 0; turn < MOST_TURNS; turn++) {
			const read = await this.#reads.take(conversationId);
			if (!read) return nodes;
			const reading = Reading.parse(read);
			const thought = reading.run ? await this.#goOn(reading.run, reading) : await this.#begin(conversationId, reading);
			if (!thought) return nodes;
			const result = await this.#commits.take(thought.kept);
			if (result === 'stale') {
				if ('beginning' in thought.kept) this.#programs.forget(thought.kept.beginning.trigger_id);
				continue;
			}
			nodes += thought.kept.step.visits.length;
			if (result !== 'done' || !thought.more) return nodes;
		}
		throw new Error(`the flow of conversation ${conversationId} does not come to rest`);
	}

	async #goOn(run: Run, reading: Reading): Promise<Thought | null> {
		const program = await this.#programs.of(run.flow_id, run.pins);
		if (!program) {
			await answered(this.#db`select private.fail_flow(${run.id}, ${run.revision}, ${UNREADABLE})`);
			return null;
		}
		const taken = take(program, run, reading);
		if (!taken) return null;
		const { more, ...step } = taken;
		return { kept: { run_id: run.id, revision: run.revision, step }, more };
	}

	/** The run that a message sets off, and its first step: they are committed together, or neither is. */
	async #begin(conversationId: string, reading: Reading): Promise<Thought | null> {
		const found = setOff(reading);
		if (!found) return null;
		const flow = await this.#programs.beginning(found.trigger);
		if (!flow) return null;
		const run = begun(flow, found.seq);
		const program = await this.#programs.of(flow.flow_id, flow.pins);
		const taken = program ? take(program, run, since(reading, found.seq)) : unreadable(run, reading.at);
		if (!taken) return null;
		const { more, ...step } = taken;
		const beginning = { run_id: run.id, trigger_id: found.trigger, seq: found.seq, pins: flow.pins };
		return { kept: { conversation_id: conversationId, beginning, step }, more };
	}
}
