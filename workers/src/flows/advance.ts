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
type Kept = { conversation_id: string; step: Step; wake?: number } & (
	| { run_id: string; revision: number }
	| { beginning: { run_id: string; trigger_id: string; seq: number; pins: object } }
);

/** What a conversation's next step is, and whether there may be another right behind it. */
interface Thought {
	kept: Kept;
	more: boolean;
}

type Result = 'done' | 'failed' | 'stale' | 'taken_over' | 'gone';

/** A conversation whose flow has something to do, as it was taken: `version` gives it back. A reading that is undefined is old. */
export interface Wake {
	conversation_id: string;
	version: number;
	reading: unknown;
}

/** Takes flows further. Conversations that are at it in the same moment read and commit together. */
export class Flows {
	readonly #db: Database;
	readonly #programs: Programs;
	readonly #reads: Rides<string, unknown>;
	readonly #commits: Rides<Kept, Result>;
	readonly #rests: Rides<Omit<Wake, 'reading'>, null>;

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
		this.#rests = new Rides(async (rests) => {
			await answered(db`select private.rest_flows(${JSON.stringify(rests)}::text::jsonb)`);
			return rests.map(() => null);
		}, MOST_TOGETHER);
	}

	/** Takes conversations whose flow has something to do, `most` at most; each is to go through `advance`. */
	async take(most: number): Promise<Wake[]> {
		const [row] = await answered(this.#db<{ wakes: Wake[] }[]>`select private.take_flow_wakes(${most}) as wakes`);
		return row?.wakes ?? [];
	}

	/**
	 * Takes a conversation's run through all that has happened, and begins one where a message sets it off. Reads, thinks
	 * without a lock and commits; where something was faster it reads again. What was taken is given back in the end. Gives
	 * how many nodes it ran through.
	 */
	async advance(conversationId: string, wake?: Wake): Promise<number> {
		let nodes = 0;
		let read = wake?.reading === undefined ? await this.#reads.take(conversationId) : wake.reading;
		for (let turn = 0; turn < MOST_TURNS; turn++) {
			const thought = read ? await this.#think(conversationId, Reading.parse(read)) : null;
			if (!thought) {
				if (wake) await this.#rests.take({ conversation_id: wake.conversation_id, version: wake.version });
				return nodes;
			}
			const gives = wake && !thought.more ? { wake: wake.version } : {};
			const result = await this.#commits.take({ ...thought.kept, ...gives });
			if (result === 'stale') {
				if ('beginning' in thought.kept) this.#programs.forget(thought.kept.beginning.trigger_id);
			} else {
				nodes += thought.kept.step.visits.length;
				if (!thought.more) return nodes;
			}
			read = await this.#reads.take(conversationId);
		}
		throw new Error(`the flow of conversation ${conversationId} does not come to rest`);
	}

	#think(conversationId: string, reading: Reading): Promise<Thought | null> {
		return reading.run ? this.#goOn(conversationId, reading.run, reading) : this.#begin(conversationId, reading);
	}

	async #goOn(conversationId: string, run: Run, reading: Reading): Promise<Thought | null> {
		const program = await this.#programs.of(run.flow_id, run.pins);
		if (!program) {
			await answered(this.#db`select private.fail_flow(${run.id}, ${run.revision}, ${UNREADABLE})`);
			return null;
		}
		const taken = take(program, run, reading);
		if (!taken) return null;
		const { more, ...step } = taken;
		return { kept: { conversation_id: conversationId, run_id: run.id, revision: run.revision, step }, more };
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
