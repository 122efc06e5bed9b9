import { getContext, setContext } from 'svelte';
import type { Component } from 'svelte';

/** Something the palette can do. */
export interface Command {
	id: string;
	label: string;
	/** A second line, such as a phone number; searched too. */
	note?: string;
	keys?: string;
	icon?: Component<{ size?: number; strokeWidth?: number }>;
	run: () => void;
}

export interface CommandGroup {
	title: string;
	commands: Command[];
}

/** The command palette: whether it is open, and what the screen offers it. */
export class Palette {
	open = $state(false);
	/** The sheet of keys, for those who would rather know them. */
	keysOpen = $state(false);
	#sources = $state.raw<(() => CommandGroup[])[]>([]);

	/** `base` is on offer everywhere, after everything that belongs to the screen. */
	constructor(base: () => CommandGroup[]) {
		this.#sources = [base];
	}

	/** Everything on offer, the latest source first. */
	get groups(): CommandGroup[] {
		return this.#sources.flatMap((source) => source()).filter(({ commands }) => commands.length > 0);
	}

	/** Adds commands while something is on the screen. Returns what takes them away. */
	offer(source: () => CommandGroup[]): () => void {
		this.#sources = [source, ...this.#sources];
		return () => {
			this.#sources = this.#sources.filter((other) => other !== source);
		};
	}
}

const key = Symbol('palette');
export const setPalette = (palette: Palette) => setContext(key, palette);
export const getPalette = () => getContext<Palette>(key);
