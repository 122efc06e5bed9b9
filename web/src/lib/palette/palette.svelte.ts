import { getContext, setContext } from 'svelte';
import type { Command } from '#lib/keys/command.ts';

export type { Command } from '#lib/keys/command.ts';

/** Everything that can be done on the screen: the one list behind keys, command palette and sheet of keys. */
export class Palette {
	#open = $state(false);
	/** What is looked for. Kept here: it may be typed before what draws it has come. */
	query = $state('');
	/** The sheet of keys, for those who would rather know them. */
	keysOpen = $state(false);
	#sources = $state.raw<(() => Command[])[]>([]);

	/** `base` is on offer everywhere, after everything that belongs to the screen. */
	constructor(base: () => Command[]) {
		this.#sources = [base];
	}

	get open(): boolean {
		return this.#open;
	}

	set open(open: boolean) {
		this.#open = open;
		if (!open) this.query = '';
	}

	/** Everything on offer, the latest source first: what lies on top answers a key before what is beneath. */
	get commands(): Command[] {
		return this.#sources.flatMap((source) => source());
	}

	/** Adds commands while something is on the screen. Returns what takes them away. */
	offer(source: () => Command[]): () => void {
		this.#sources = [source, ...this.#sources];
		return () => {
			this.#sources = this.#sources.filter((other) => other !== source);
		};
	}
}

const key = Symbol('palette');
export const setPalette = (palette: Palette) => setContext(key, palette);
export const getPalette = () => getContext<Palette>(key);
