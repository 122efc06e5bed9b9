/** So many calls a person within a window; kept in memory, so for each process on its own. */
export class Limit {
	readonly #most: number;
	readonly #windowMs: number;
	readonly #now: () => number;
	#since = new Map<string, { from: number; count: number }>();

	constructor(most: number, windowMs: number, now: () => number = Date.now) {
		this.#most = most;
		this.#windowMs = windowMs;
		this.#now = now;
	}

	/** Counts one call. False: too many. */
	takes(key: string): boolean {
		const now = this.#now();
		if (this.#since.size > 10_000) this.#since.clear();
		const kept = this.#since.get(key);
		if (!kept || kept.from + this.#windowMs <= now) {
			this.#since.set(key, { from: now, count: 1 });
			return true;
		}
		kept.count += 1;
		return kept.count <= this.#most;
	}
}
