/** A page that is out of sight draws no frames; what came is not left lying there. */
const patienceMs = 100;

/** Gathers what comes between two frames and hands it on at once, before the next is drawn. */
export class Frames<Item> {
	#take: (items: Item[]) => void;
	#items: Item[] = [];
	#frame = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(take: (items: Item[]) => void) {
		this.#take = take;
	}

	add(item: Item) {
		this.#items.push(item);
		if (this.#items.length > 1) return;
		this.#frame = requestAnimationFrame(this.flush);
		this.#timer = setTimeout(this.flush, patienceMs);
	}

	/** Hands on what came so far, now. */
	flush = () => {
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#timer);
		const items = this.#items;
		this.#items = [];
		if (items.length > 0) this.#take(items);
	};
}
