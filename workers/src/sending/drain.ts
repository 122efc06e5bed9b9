import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import type { GraphClient } from '../graph/client.ts';
import type { Outcome } from '../graph/outcome.ts';
import { readToken } from '../graph/token.ts';
import type { Metrics } from '../metrics.ts';
import { Bell } from './bell.ts';
import type { Claim, Turn } from './claim.ts';
import type { Outbox, Settled } from './outbox.ts';
import type { Pacer } from './pacer.ts';
import type { Uploader } from './prepare.ts';
import { send } from './send.ts';

/** Calls in flight a shard: 1,500 a second from four shards leave each 250 ms. */
const MOST_IN_FLIGHT = 100;
/** Outcomes that come within so many milliseconds are settled together. */
const GATHER_MS = 4;
/** How often a shard is looked at while only slow calls are in flight: at first, and at most. */
const LOOK_MS = { first: 25, most: 200 };
/** What waits a moment longer is left to a job of its own. */
const SOON_MS = 50;
/** After so long other channels get their turn, too. */
const LONGEST_MS = 30_000;
/** How much of a second's departures a worker keeps in hand, over all shards: what a crash would leave in doubt. */
const IN_HAND_S = 0.4;
const SHARDS = 4;

export interface DrainDeps {
	outbox: Outbox;
	pacer: Pacer;
	graph: Pick<GraphClient, 'sendMessage'>;
	keys: SecretKeys;
	upload: Uploader | null;
	metrics: Pick<Metrics, 'sends' | 'sendSeconds'>;
	/** Aborts when the worker is asked to leave: nothing more is begun. */
	stopping: AbortSignal;
	warn: (message: string) => void;
}

/** Milliseconds after which the shard should be drained again; null: when somebody rings. */
export type Afterwards = number | null;

/** Sends what waits in one shard: many conversations at once, one message of each at a time. */
export class Drain {
	readonly #deps: DrainDeps;
	readonly #bell = new Bell();
	readonly #outcomes: Settled[] = [];
	readonly #inFlight = new Set<string>();
	/** Of those in flight, claimed but not called yet. */
	#ashore = 0;
	#rate: number | null | undefined;
	#token: { encrypted: string; clear: Promise<string | null> } | null = null;

	constructor(deps: DrainDeps) {
		this.#deps = deps;
	}

	async run(): Promise<Afterwards> {
		const { outbox, stopping } = this.#deps;
		const left = await outbox.begin();
		if (left > 0) this.#deps.warn(`${left} sends of a worker that is gone are of unknown outcome`);

		const until = performance.now() + LONGEST_MS;
		let look = LOOK_MS.first;
		let leaving = false;
		for (;;) {
			leaving ||= stopping.aborted;
			const turn = await this.#turn(leaving ? 0 : this.#room());
			if (turn.claims.length > 0) look = LOOK_MS.first;
			leaving ||= turn.stop || performance.now() > until;

			if (this.#inFlight.size > 0 || this.#outcomes.length > 0) {
				await this.#bell.wait(look);
				look = Math.min(2 * look, LOOK_MS.most);
				if (this.#inFlight.size > 0) await this.#gather();
			} else if (turn.stop || turn.next_ms == null) return null;
			else if (leaving || turn.next_ms > SOON_MS) return Math.max(0, turn.next_ms);
			else await this.#bell.wait(Math.max(5, turn.next_ms));
		}
	}

	/** How many more messages may be claimed. */
	#room(): number {
		const calls = MOST_IN_FLIGHT - this.#inFlight.size;
		if (this.#rate === null) return calls;
		return Math.max(0, Math.min(calls, inHand(this.#rate ?? 1) - this.#ashore));
	}

	async #turn(most: number): Promise<Turn> {
		const told = this.#outcomes.splice(0);
		const turn = await this.#deps.outbox.turn(told, most, () => this.#known());
		this.#rate = turn.messages_per_second;
		if (turn.busy.length > 0) this.#outcomes.push(...told.filter(({ attempt_id }) => turn.busy.includes(attempt_id)));
		for (const unreadable of turn.unreadable) this.#outcomes.push({ ...unreadable, ...UNREADABLE });
		if (turn.claims.length > 0) {
			const token = await this.#read(turn);
			for (const claim of turn.claims) void this.#send(claim, token);
		}
		return turn;
	}

	/** Attempts of this drain that are not settled yet: under way, or ended since somebody was last told. */
	#known(): string[] {
		return [...this.#inFlight, ...this.#outcomes.map(({ attempt_id }) => attempt_id)];
	}

	async #send(claim: Claim, token: string | null): Promise<void> {
		const { graph, upload, pacer, metrics, stopping, warn } = this.#deps;
		this.#inFlight.add(claim.attempt_id);
		this.#ashore++;
		let ashore = true;
		const leave = () => {
			if (!ashore) return;
			ashore = false;
			this.#ashore--;
			if (this.#rate != null && this.#ashore <= inHand(this.#rate) / 2) this.#bell.ring();
		};
		let end: (() => void) | undefined;
		const departure = async () => {
			if (stopping.aborted) return null;
			const granted = this.#rate === null ? AT_ONCE : await pacer.departure(claim.lane);
			leave();
			if (granted) end ??= metrics.sendSeconds.startTimer();
			return granted;
		};
		let outcome: Outcome;
		try {
			outcome = await send({ claim, token, graph, upload, departure, signal: stopping });
		} catch (error) {
			// Nothing here should throw; if it does after the call, nobody knows what came of it.
			const details = error instanceof Error ? error.message : String(error);
			outcome = { result: 'unknown', error: { code: 'outcome_unknown', title: 'The worker failed', details } };
		}
		end?.();
		leave();
		metrics.sends.inc({ result: outcome.result });
		if (outcome.result !== 'accepted' && !outcome.not_called) {
			warn(`attempt ${claim.attempt_id}: ${outcome.result} ${JSON.stringify(outcome.error)}`);
		}
		this.#outcomes.push({ ...outcome, attempt_id: claim.attempt_id, conversation_id: claim.conversation_id });
		this.#inFlight.delete(claim.attempt_id);
		this.#bell.ring();
	}

	/** Lets outcomes come together, unless they are all there. */
	async #gather(): Promise<void> {
		const until = performance.now() + GATHER_MS;
		for (let left = GATHER_MS; left > 0 && this.#inFlight.size > 0; left = until - performance.now()) {
			await this.#bell.wait(left);
		}
	}

	/** The channel's token in the clear, opened once however many messages it is for. */
	#read({ token, channel_id = '' }: Turn): Promise<string | null> {
		const encrypted = JSON.stringify(token ?? null);
		if (this.#token?.encrypted !== encrypted) {
			this.#token = { encrypted, clear: readToken(this.#deps.keys, channel_id, token ?? null) };
		}
		return this.#token.clear;
	}
}

const AT_ONCE = () => true;

/** How many messages of a shard may wait for their departure. */
const inHand = (rate: number) => Math.max(2, Math.ceil((rate * IN_HAND_S) / SHARDS));

/** A message of a newer version than this worker, in the middle of an upgrade: the new one will send it. */
const UNREADABLE: Outcome = {
	result: 'retry',
	error: { code: 'claim_unreadable', title: 'This worker does not know how to send it', details: null },
	after_seconds: 60
};
