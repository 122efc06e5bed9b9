import type { Message } from '../database.ts';
import { codeOf } from '../errors/code.ts';
import { now } from '../time/instant.ts';

/** A message on its way to the database. `clientId` makes it one message, however often it is sent. */
export interface Pending {
	clientId: string;
	text: string;
	quoted: Message | null;
	at: string;
	/** The code of what went wrong; null while it is on its way. */
	failed: string | null;
}

export type Send = (pending: { clientId: string; text: string; quotedId: string | null }) => Promise<Message>;

/** What was written and isn't in the thread yet. One goes at a time, so that order is kept. */
export class Outbox {
	#send: Send;
	#onsent: (row: Message) => void;
	#items = $state.raw<Pending[]>([]);
	#busy = false;

	constructor(send: Send, onsent: (row: Message) => void) {
		this.#send = send;
		this.#onsent = onsent;
	}

	get items(): Pending[] {
		return this.#items;
	}

	add(text: string, quoted: Message | null) {
		const pending = { clientId: crypto.randomUUID(), text, quoted, at: now(), failed: null };
		this.#items = [...this.#items, pending];
		void this.#drain();
	}

	/** Tries a failed one again under the same id: if it had arrived after all, it stays one message. */
	retry(clientId: string) {
		this.#change(clientId, { failed: null });
		void this.#drain();
	}

	discard(clientId: string) {
		this.#items = this.#items.filter((item) => item.clientId !== clientId);
	}

	/** The row is there, by answer or by Realtime, whichever was faster. */
	settle(clientId: string) {
		if (this.#items.some((item) => item.clientId === clientId)) this.discard(clientId);
	}

	async #drain() {
		if (this.#busy) return;
		this.#busy = true;
		for (;;) {
			const next = this.#items.find(({ failed }) => failed === null);
			if (!next) break;
			try {
				this.#onsent(await this.#send({ clientId: next.clientId, text: next.text, quotedId: next.quoted?.id ?? null }));
				this.settle(next.clientId);
			} catch (problem) {
				this.#change(next.clientId, { failed: codeOf(problem) });
			}
		}
		this.#busy = false;
	}

	#change(clientId: string, changes: Partial<Pending>) {
		this.#items = this.#items.map((item) => (item.clientId === clientId ? { ...item, ...changes } : item));
	}
}
