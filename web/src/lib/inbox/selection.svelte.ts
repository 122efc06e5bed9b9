import { SvelteSet } from 'svelte/reactivity';

/** Several rows of the list, chosen to act on together. A row that leaves the list leaves the selection with it. */
export class Selection {
	#list: () => readonly { id: string }[];
	#chosen = new SvelteSet<string>();
	/** Where a range begins, and the end that Shift moves. */
	#anchor: string | null = null;
	#head: string | null = null;

	/** The chosen ids in the list's order. */
	readonly ids: string[] = $derived.by(() =>
		this.#chosen.size === 0 ? [] : this.#list().flatMap(({ id }) => (this.#chosen.has(id) ? [id] : []))
	);
	readonly count = $derived(this.ids.length);
	readonly active = $derived(this.count > 0);

	/** `list` gives the rows as they are shown. */
	constructor(list: () => readonly { id: string }[]) {
		this.#list = list;
	}

	has(id: string): boolean {
		return this.#chosen.has(id);
	}

	/** Chooses one more row, or one less; a range begins there. */
	toggle(id: string) {
		if (!this.#chosen.delete(id)) this.#chosen.add(id);
		this.#anchor = this.#head = id;
	}

	/** Chooses everything between where the last choice was made and a row, as Shift+click does. */
	extendTo(id: string) {
		const rows = this.#list();
		const to = rows.findIndex((row) => row.id === id);
		const from = rows.findIndex((row) => row.id === this.#anchor);
		if (to === -1) return;
		if (from === -1) {
			this.toggle(id);
			return;
		}
		// What the range covered before and no longer does is given back.
		const head = rows.findIndex((row) => row.id === this.#head);
		for (const row of between(rows, from, head === -1 ? from : head)) this.#chosen.delete(row.id);
		for (const row of between(rows, from, to)) this.#chosen.add(row.id);
		this.#head = id;
	}

	/** Moves the end of the range one row, from `start` where nothing was chosen yet. Gives the row it came to. */
	extend(step: 1 | -1, start: string | null): string | null {
		const rows = this.#list();
		if (!this.active || this.#head === null) {
			const first = rows.find(({ id }) => id === start) ?? rows[0];
			if (!first) return null;
			this.toggle(first.id);
		}
		const here = rows.findIndex(({ id }) => id === this.#head);
		const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
		if (!next) return null;
		this.extendTo(next.id);
		return next.id;
	}

	/** Chooses everything that is loaded. */
	all() {
		for (const { id } of this.#list()) this.#chosen.add(id);
	}

	clear() {
		this.#chosen.clear();
		this.#anchor = this.#head = null;
	}
}

function between<T>(rows: readonly T[], one: number, other: number): T[] {
	return rows.slice(Math.min(one, other), Math.max(one, other) + 1);
}
