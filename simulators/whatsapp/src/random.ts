/**
 * Random numbers that repeat for a seed, so that a test which found a fault can find it again. Each concern draws from a
 * stream of its own: asking for one more fault must not change the delays of everything after it.
 */
export class SeededRandom {
	#seed: number;
	readonly #streams = new Map<string, () => number>();

	constructor(seed: number) {
		this.#seed = seed;
	}

	/** Begins every stream anew. */
	reseed(seed: number): void {
		this.#seed = seed;
		this.#streams.clear();
	}

	/** The next number of a stream, in [0, 1). */
	next(stream: string): number {
		let draw = this.#streams.get(stream);
		if (!draw) {
			draw = mulberry32(this.#seed ^ fnv1a(stream));
			this.#streams.set(stream, draw);
		}
		return draw();
	}

	/** Whether something of this probability happens now. Draws even for 0 and 1, so that a switch keeps the stream. */
	happens(stream: string, probability: number): boolean {
		return this.next(stream) < probability;
	}

	/** A whole number between the two, both included. */
	between(stream: string, [low, high]: readonly [number, number]): number {
		return low + Math.floor(this.next(stream) * (high - low + 1));
	}
}

function mulberry32(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

function fnv1a(text: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	}
	return hash >>> 0;
}
