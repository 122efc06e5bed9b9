import type { Clock } from '../clock.ts';
import type { Faults } from '../state/faults.ts';
import { documented } from '../graph/error.ts';

/** Meta's pair rate: one message in six seconds to the same person, of which 45 may be borrowed from later. */
const PAIR_INTERVAL = 6_000;
const PAIR_BURST = 45;

/** Messages a second after Meta's automatic upgrade. */
const HIGH_THROUGHPUT = 1_000;

/** How fast a number may send, to everybody and to one person. */
export class Limits {
	readonly #clock: Clock;
	readonly #faults: () => Faults;
	/** Times of a number's sends within the last second. */
	readonly #sends = new Map<string, number[]>();
	/** When a pair's borrowed messages will be paid back. */
	readonly #paidBack = new Map<string, number>();

	constructor(clock: Clock, faults: () => Faults) {
		this.#clock = clock;
		this.#faults = faults;
	}

	/** Counts one send. Throws 130429 or 131056 when there were too many; a refused one isn't counted. */
	take(phoneNumberId: string, chat: string, isHigh = false): void {
		const now = this.#clock.now();
		const { throughput: usual, pair_limit } = this.#faults();
		const throughput = usual !== null && isHigh ? Math.max(usual, HIGH_THROUGHPUT) : usual;
		const recent = (this.#sends.get(phoneNumberId) ?? []).filter((at) => at > now - 1_000);
		if (throughput !== null && recent.length >= throughput) throw documented(130429);
		if (pair_limit) {
			const from = Math.max(this.#paidBack.get(chat) ?? 0, now);
			if (from - now > PAIR_INTERVAL * (PAIR_BURST - 1)) throw documented(131056);
			this.#paidBack.set(chat, from + PAIR_INTERVAL);
			if (this.#paidBack.size > 10_000) this.#sweep(now);
		}
		recent.push(now);
		this.#sends.set(phoneNumberId, recent);
	}

	reset(): void {
		this.#sends.clear();
		this.#paidBack.clear();
	}

	#sweep(now: number): void {
		for (const [chat, until] of this.#paidBack) if (until <= now) this.#paidBack.delete(chat);
	}
}
