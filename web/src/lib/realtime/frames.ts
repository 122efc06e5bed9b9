/** A page that is out of sight draws no frames; what came is not left lying there. */
const patienceMs = 100;
/** So long what was taken may be looked at before the next: on a busy day every frame would be spent on moving rows. */
const restMs = 50;

/** Gathers what comes between two frames and hands it on at once, before the next is drawn. What comes alone never waits. */
export class Frames<Item> {
	#take: (items: Item[]) => void;
	#items: Item[] = [];
	#frame = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#taken = -Infinity;

	constructor(take: (items: Item[]) => void) {
		this.#take = take;
	}

	add(item: Item) {
		this.#items.push(item);
		if (this.#items.length > 1) return;
		const rest = this.#taken + restMs - performance.now();
		if (rest > 0) this.#timer = setTimeout(this.#draw, rest);
		else this.#draw();
	}

	/** Hands on what came so far, now. */
	flush = () => {
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#timer);
		const items = this.#items;
		if (items.length === 0) return;
		this.#items = [];
		this.#taken = performance.now();
		this.#take(items);
	};

	#draw = () => {
		this.#frame = requestAnimationFrame(this.flush);
		this.#timer = setTimeout(this.flush, patienceMs);
	};
}
