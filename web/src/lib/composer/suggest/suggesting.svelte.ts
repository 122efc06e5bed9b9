import { gapsIn } from '@prosa/core/canned/template.ts';
import type { Composition } from '../composition.svelte.ts';
import { insert } from '../write.ts';
import { namedBy, type Provider, type Suggestion } from './provider.ts';

/** The suggestions for what is being named in the field: which there are, which one stands ready, and its keys. */
export class Suggesting {
	/** The element's id, by which the field points at the list. */
	readonly id = `suggest-${crypto.randomUUID().slice(0, 8)}`;

	#composition: Composition;
	#providers: () => readonly Provider[];
	#finders = $state.raw<Record<string, (query: string) => Suggestion[]>>({});
	/** The sign that Escape was pressed at: it names nothing any more. */
	#dismissed = $state<number | null>(null);
	#chosen = $state(0);
	#loading: string[] = [];

	readonly named = $derived.by(() => {
		const { text, cursor, mode } = this.#composition;
		const named = namedBy(this.#providers(), mode, text, cursor);
		return named && named.from !== this.#dismissed ? named : null;
	});
	readonly provider = $derived(this.named?.provider ?? null);
	/** Null while the provider makes itself ready. */
	readonly items = $derived.by(() => {
		if (!this.named) return [];
		return this.#finders[this.named.provider.name]?.(this.named.query) ?? null;
	});
	readonly current = $derived(Math.max(0, Math.min(this.#chosen, (this.items?.length ?? 0) - 1)));
	readonly open = $derived(
		this.named !== null &&
			this.items !== null &&
			// Several words that mean nothing are words.
			(this.items.length > 0 || (this.provider?.empty !== undefined && !/\s/.test(this.named.query)))
	);
	readonly activeId = $derived(this.open && this.items?.length ? this.optionId(this.current) : undefined);

	constructor(composition: Composition, providers: () => readonly Provider[]) {
		this.#composition = composition;
		this.#providers = providers;
	}

	optionId(index: number): string {
		return `${this.id}-${index}`;
	}

	/** Makes the provider ready whose sign was typed. */
	async prepare(provider: Provider) {
		if (this.#finders[provider.name] || this.#loading.includes(provider.name)) return;
		this.#loading.push(provider.name);
		try {
			const find = await provider.load();
			this.#finders = { ...this.#finders, [provider.name]: find };
		} finally {
			this.#loading = this.#loading.filter((name) => name !== provider.name);
		}
	}

	/** Begins at the top again, because other letters were typed. */
	restart() {
		this.#chosen = 0;
		if (!this.named) this.#dismissed = null;
	}

	point(index: number) {
		this.#chosen = index;
	}

	pick(item: Suggestion) {
		if (!this.named) return;
		const { text, cursor } = this.#composition;
		const words = item.words();
		const { from } = this.named;
		const written = insert({ text, from, to: cursor }, words);
		const gap = gapsIn(words)[0];
		// What is to be filled in is selected: one goes on typing.
		this.#composition.write(gap ? { ...written, from: from + gap.from, to: from + gap.to } : written);
		item.onpicked?.();
	}

	/** A key pressed in the field; true when it was meant for the suggestions. */
	press({ key, isComposing, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
		if (!this.open || isComposing || ctrlKey || metaKey || altKey) return false;
		const { items, current } = this;
		const count = items?.length ?? 0;
		const item = items?.[current];
		if (key === 'Escape') this.#dismissed = this.named?.from ?? null;
		else if (!item || shiftKey) return false;
		else if (key === 'ArrowDown') this.#chosen = (current + 1) % count;
		else if (key === 'ArrowUp') this.#chosen = (current - 1 + count) % count;
		else if (key === 'PageDown') this.#chosen = Math.min(current + 5, count - 1);
		else if (key === 'PageUp') this.#chosen = Math.max(current - 5, 0);
		else if (key === 'Enter' || key === 'Tab') this.pick(item);
		else return false;
		return true;
	}
}
