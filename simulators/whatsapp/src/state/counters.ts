import type { Journal } from './journal.ts';

/** Named counts that survive a restart. */
export class Counters {
	readonly #journal: Journal;
	readonly #counts = new Map<string, number>();

	constructor(journal: Journal) {
		this.#journal = journal;
		for (const { name, value } of journal.all<{ name: string; value: number }>('counter'))
			this.#counts.set(name, value);
	}

	/** One more of it; the new count. */
	count(name: string): number {
		const value = (this.#counts.get(name) ?? 0) + 1;
		this.#counts.set(name, value);
		this.#journal.put('counter', name, { name, value });
		return value;
	}

	reset(): void {
		this.#counts.clear();
	}
}
