/** How much rides one call, and how many calls are under way at once. */
export interface BatchLimits {
	items: number;
	characters: number;
	calls: number;
	/** What may wait in all before further items are refused. */
	waiting: number;
}

/**
 * Two calls: the next batch is gathered and sent while the last commits. On two cores shared with the sender of the
 * load (64 connections) one call committed 1,370 messages/s, two 1,660, three 1,540; batches of 30 instead of 100, 1,080.
 */
export const LIMITS: BatchLimits = { items: 100, characters: 8_000_000, calls: 2, waiting: 64_000_000 };

interface Waiting<Item, Result> {
	item: Item;
	size: number;
	settle: { resolve(result: Result): void; reject(error: unknown): void };
}

/** Too much is waiting already: the sender should come back. */
export class Overloaded extends Error {
	override name = 'Overloaded';
}

/**
 * Items that arrive while calls are under way ride the next one together. A quiet batcher calls at once with one item,
 * so no latency is added. Each item gets its own result, or its own error.
 */
export class Batcher<Item, Result> {
	#waiting: Waiting<Item, Result>[] = [];
	#size = 0;
	#calls = 0;
	readonly #call: (items: Item[]) => Promise<PromiseSettledResult<Result>[]>;
	readonly #limits: BatchLimits;

	/** `call` settles every item, in order, and does not throw. */
	constructor(call: (items: Item[]) => Promise<PromiseSettledResult<Result>[]>, limits: BatchLimits = LIMITS) {
		this.#call = call;
		this.#limits = limits;
	}

	/** The item's result. Rejects with Overloaded when too much waits, else with what `call` settled it with. */
	add(item: Item, size: number): Promise<Result> {
		if (this.#size + size > this.#limits.waiting)
			return Promise.reject(new Overloaded('too many webhooks are waiting'));
		return new Promise((resolve, reject) => {
			this.#waiting.push({ item, size, settle: { resolve, reject } });
			this.#size += size;
			void this.#run();
		});
	}

	async #run(): Promise<void> {
		if (this.#calls >= this.#limits.calls || this.#waiting.length === 0) return;
		this.#calls++;
		const batch = this.#take();
		const results = await this.#call(batch.map(({ item }) => item));
		batch.forEach(({ settle }, index) => {
			const result = results[index];
			if (result?.status === 'fulfilled') settle.resolve(result.value);
			else settle.reject(result?.reason ?? new Error('a call left an item without result'));
		});
		this.#calls--;
		void this.#run();
	}

	/** As many as the limits allow, at least one. */
	#take(): Waiting<Item, Result>[] {
		let count = 0;
		let size = 0;
		for (const { size: next } of this.#waiting) {
			if (count > 0 && (count >= this.#limits.items || size + next > this.#limits.characters)) break;
			count++;
			size += next;
		}
		this.#size -= size;
		return this.#waiting.splice(0, count);
	}
}
