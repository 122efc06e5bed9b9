import { SvelteMap } from 'svelte/reactivity';
import type { Mode } from '../composer/mode.ts';

/** Where drafts are kept: the browser's own storage, or a map in a test. */
export interface Store {
	readonly length: number;
	key(index: number): string | null;
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
	removeItem(key: string): void;
}

export interface Draft {
	mode: Mode;
	text: string;
}

/** How a conversation stood when a reply was begun in it. */
export interface Begun {
	/** Its newest place. */
	seq: number;
	assigneeId: string | null;
}

/**
 * What was written and not sent: one a conversation and mode, of one person in one workspace, on this device. Written
 * with every key, so that a reload, a crash or signing in again loses nothing. A storage that is full or forbidden
 * loses no more than that: the text is still in the field.
 */
export class Drafts {
	#prefix: string;
	#store: () => Store;
	#kept = new SvelteMap<string, string>();

	/** `store` is asked for when it is needed: the server draws the page too, and has none. */
	constructor(tenantId: string, userId: string, store: () => Store = () => localStorage) {
		this.#prefix = `prosa:draft:${tenantId}:${userId}:`;
		this.#store = store;
	}

	/** Reads what is kept, for the list. */
	load() {
		this.#kept.clear();
		try {
			const store = this.#store();
			for (let index = 0; index < store.length; index += 1) {
				const key = store.key(index);
				if (key?.startsWith(this.#prefix)) this.#kept.set(key, store.getItem(key) ?? '');
			}
		} catch {
			// Refused: there are none.
		}
	}

	/** Another page of this browser wrote one, or sent it. */
	changed({ key, newValue }: Pick<StorageEvent, 'key' | 'newValue'>) {
		if (key === null) return this.load();
		if (!key.startsWith(this.#prefix)) return;
		if (newValue === null) this.#kept.delete(key);
		else this.#kept.set(key, newValue);
	}

	read(conversationId: string, mode: Mode): string {
		try {
			return this.#store().getItem(this.#keyOf(conversationId, mode)) ?? '';
		} catch {
			return this.#kept.get(this.#keyOf(conversationId, mode)) ?? '';
		}
	}

	keep(conversationId: string, mode: Mode, text: string) {
		const key = this.#keyOf(conversationId, mode);
		const empty = text.trim() === '';
		if (empty && mode === 'reply') this.#forget(this.#beginningOf(conversationId));
		if (empty) this.#kept.delete(key);
		else this.#kept.set(key, text);
		try {
			if (empty) this.#store().removeItem(key);
			else this.#store().setItem(key, text);
		} catch {
			// A private window may refuse.
		}
	}

	/** Notes how the conversation stood when its reply was begun. */
	begin(conversationId: string, begun: Begun) {
		try {
			this.#store().setItem(this.#beginningOf(conversationId), JSON.stringify(begun));
		} catch {
			// A private window may refuse.
		}
	}

	/** How the conversation stood when the reply that waits in it was begun; null where that is not known. */
	begun(conversationId: string): Begun | null {
		try {
			const kept: unknown = JSON.parse(this.#store().getItem(this.#beginningOf(conversationId)) ?? 'null');
			if (typeof kept !== 'object' || kept === null || !('seq' in kept) || !('assigneeId' in kept)) return null;
			const { seq, assigneeId } = kept;
			const known = typeof seq === 'number' && (assigneeId === null || typeof assigneeId === 'string');
			return known ? { seq, assigneeId } : null;
		} catch {
			return null;
		}
	}

	#forget(key: string) {
		try {
			this.#store().removeItem(key);
		} catch {
			// A private window may refuse.
		}
	}

	#beginningOf(conversationId: string): string {
		return `${this.#prefix}${conversationId}:begun`;
	}

	/** What waits in a conversation; the reply before the note. */
	of(conversationId: string): Draft | null {
		for (const mode of ['reply', 'note'] as const) {
			const text = this.#kept.get(this.#keyOf(conversationId, mode));
			if (text) return { mode, text };
		}
		return null;
	}

	#keyOf(conversationId: string, mode: Mode): string {
		return `${this.#prefix}${conversationId}:${mode}`;
	}
}
