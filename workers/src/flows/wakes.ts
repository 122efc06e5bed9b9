import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../database.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Flows, type Wake } from './advance.ts';

/** What nobody called for, or what another worker took and never gave back, is found by looking. */
const LOOK_MS = 1_000;
/** Conversations taken in one question. */
const MOST_TAKEN = 25;

export interface FlowWakesOptions {
	db: Database;
	/** Conversations at once. */
	concurrency: number;
	metrics: Pick<Metrics, 'flowSteps'>;
	log: Pick<Log, 'warn'>;
}

/**
 * Takes further the conversations that are called by name in `private.flow_wakes`, a conversation one step after another.
 * What fails stays there and comes again, later each time.
 */
export class FlowWakes {
	readonly #options: FlowWakesOptions;
	readonly #flows: Flows;
	readonly #under = new Map<string, Promise<void>>();
	#stopped = false;
	#called = Promise.withResolvers<void>();
	#looking: Promise<void> | undefined;
	#unlisten: (() => Promise<void>) | undefined;

	constructor(options: FlowWakesOptions) {
		this.#options = options;
		this.#flows = new Flows(options.db);
	}

	/** Resolves once it listens. */
	async start(): Promise<void> {
		const call = () => this.#call();
		// Called anew after a connection that was lost: what was said meanwhile nobody heard.
		const { unlisten } = await this.#options.db.listen('flow_wakes', call, call);
		this.#unlisten = unlisten;
		this.#looking = this.#look();
	}

	/** Takes no more, and lets what is under way end. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#call();
		await this.#looking;
		await Promise.all(this.#under.values());
		await Promise.race([this.#unlisten?.().catch(() => {}), wait(1_000, undefined, { ref: false })]);
	}

	#call(): void {
		this.#called.resolve();
	}

	async #look(): Promise<void> {
		while (!this.#stopped) {
			this.#called = Promise.withResolvers();
			const most = Math.min(this.#options.concurrency - this.#under.size, MOST_TAKEN);
			const taken = most > 0 ? await this.#take(most) : [];
			for (const wake of taken) this.#go(wake);
			// There may be more; where all places are taken, whoever leaves calls.
			if (taken.length === 0 || taken.length < most) await this.#rest();
		}
	}

	/** Until somebody calls, or it is time to look. */
	async #rest(): Promise<void> {
		const looked = new AbortController();
		await Promise.race([
			this.#called.promise,
			wait(LOOK_MS, undefined, { signal: looked.signal, ref: false }).catch(() => {})
		]);
		looked.abort();
	}

	async #take(most: number): Promise<Wake[]> {
		try {
			return await this.#flows.take(most);
		} catch (error) {
			this.#options.log.warn({ err: error }, 'could not ask which flows have something to do');
			return [];
		}
	}

	#go(wake: Wake): void {
		const { conversation_id: id } = wake;
		const before = this.#under.get(id);
		// What was read before the step ahead of it is old by then.
		const gone = (
			before ? before.then(() => this.#advance({ ...wake, reading: undefined })) : this.#advance(wake)
		).then(() => {
			if (this.#under.get(id) !== gone) return;
			const full = this.#under.size >= this.#options.concurrency;
			this.#under.delete(id);
			if (full) this.#call();
		});
		this.#under.set(id, gone);
	}

	async #advance(wake: Wake): Promise<void> {
		const { metrics, log } = this.#options;
		try {
			metrics.flowSteps.inc(await this.#flows.advance(wake.conversation_id, wake));
		} catch (error) {
			log.warn({ err: error, conversation: wake.conversation_id }, 'a flow was not taken further; it is tried again');
		}
	}
}
