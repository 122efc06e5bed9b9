import type { Clock } from '../clock.ts';
import { documented } from '../graph/error.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * How many different people a business portfolio may write to outside their window in a moving 24 hours, over all its
 * numbers. Somebody written to within the day counts once, however often.
 */
export class Quota {
	readonly #clock: Clock;
	/** When each person was last written to, oldest first, by portfolio. */
	readonly #people = new Map<string, Map<string, number>>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Counts one person. Throws 131048 when there would be more than `limit`; a refused one isn't counted. */
	take(portfolio: string, person: string, limit: number | null): void {
		const people = this.#of(portfolio);
		if (limit !== null && !people.has(person) && people.size >= limit)
			throw documented(
				131048,
				`Message failed to send because the messaging limit of ${limit} people in 24 hours is reached.`
			);
		people.delete(person);
		people.set(person, this.#clock.now());
	}

	/** How many were written to within the last 24 hours. */
	used(portfolio: string): number {
		return this.#of(portfolio).size;
	}

	reset(): void {
		this.#people.clear();
	}

	#of(portfolio: string): Map<string, number> {
		const people = this.#people.get(portfolio) ?? new Map<string, number>();
		this.#people.set(portfolio, people);
		for (const [person, at] of people) {
			if (at > this.#clock.now() - DAY) break;
			people.delete(person);
		}
		return people;
	}
}
