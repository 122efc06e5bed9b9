/** Samples older than this say little: clocks drift, and one of them may be set. */
const REMEMBERED_MS = 20_000;
const MOST_SAMPLES = 32;

interface Sample {
	at: number;
	/** The database's clock is ahead of ours by at least, and by at most, so many milliseconds. */
	least: number;
	most: number;
}

/**
 * What the database's clock shows, as bounds: its answer was written between our question and its arrival. Each further
 * question narrows them.
 */
export class DatabaseClock {
	#samples: Sample[] = [];

	/** Notes that a question asked at `asked` and answered at `answered` (by our clock) was given this time. */
	learn(asked: number, answered: number, database: number): void {
		const sample = { at: answered, least: database - answered, most: database - asked };
		this.#samples = this.#samples.filter(({ at }) => at > answered - REMEMBERED_MS).slice(1 - MOST_SAMPLES);
		this.#samples.push(sample);
		const { least, most } = this.#bounds();
		// They contradict each other: one of the clocks was set. Only the newest counts.
		if (least > most) this.#samples = [sample];
	}

	/** From when until when, by our clock, the database's certainly shows a time between these two. */
	between(earliest: number, latest: number): { from: number; until: number } {
		const { least, most } = this.#bounds();
		return { from: earliest - least, until: latest - most };
	}

	#bounds(): { least: number; most: number } {
		let least = -Infinity;
		let most = Infinity;
		for (const sample of this.#samples) {
			least = Math.max(least, sample.least);
			most = Math.min(most, sample.most);
		}
		return { least, most };
	}
}
