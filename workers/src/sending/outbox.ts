import { setTimeout as wait } from 'node:timers/promises';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import type { Outcome } from '../graph/outcome.ts';
import { readTurn, type Turn } from './claim.ts';

/** An outcome, with the attempt and the conversation it is of. */
export type Settled = Outcome & { attempt_id: string; conversation_id: string };

const PAUSES_MS = [100, 400, 1_500, 5_000];

/** One shard of a channel's outbox, as one drain sees it. */
export class Outbox {
	readonly #db: Database;
	readonly #channelId: string;
	readonly #shard: number;
	readonly #drainId: string;

	constructor(db: Database, channelId: string, shard: number, drainId: string) {
		this.#db = db;
		this.#channelId = channelId;
		this.#shard = shard;
		this.#drainId = drainId;
	}

	/** Takes the shard over: what somebody else left in flight there is of unknown outcome. */
	async begin(): Promise<number> {
		const [row] = await answered(
			this.#db<
				{ count: number }[]
			>`select private.begin_drain(${this.#channelId}, ${this.#shard}, ${this.#drainId}) as count`
		);
		return row?.count ?? 0;
	}

	/**
	 * Settles what is known and claims up to `most` messages. What Meta has answered is worth some patience with the
	 * database: only after several tries does this throw. `known` are the attempts this drain has called for or
	 * will, besides those it tells of: between two tries some of them end.
	 */
	async turn(outcomes: Settled[], most: number, known: () => string[]): Promise<Turn> {
		const told = JSON.stringify(outcomes);
		for (const [tries, pause] of [...PAUSES_MS, null].entries()) {
			try {
				// The answer that did not come may have held claims: nobody called for them.
				if (tries > 0) await this.#recover([...known(), ...outcomes.map(({ attempt_id }) => attempt_id)]);
				const [row] = await answered(
					this.#db<
						{ turn: unknown }[]
					>`select private.turn_outbox(${this.#channelId}, ${this.#shard}, ${this.#drainId}, ${told}::text::jsonb, ${most}) as turn`
				);
				return readTurn(row?.turn);
			} catch (error) {
				if (pause === null) throw error;
				await wait(pause);
			}
		}
		throw new Error('unreachable');
	}

	async #recover(attempts: string[]): Promise<void> {
		await answered(
			this.#db`select private.recover_claims(${this.#channelId}, ${this.#shard}, ${this.#drainId}, ${attempts}::uuid[])`
		);
	}

	/** Has the shard drained again, after so many milliseconds by the database's clock. */
	async ring(ms: number | null): Promise<void> {
		await answered(
			this
				.#db`select private.ring_outbox(${this.#channelId}, ${this.#shard}, now() + make_interval(secs => ${ms === null ? null : ms / 1000}::float8))`
		);
	}
}
