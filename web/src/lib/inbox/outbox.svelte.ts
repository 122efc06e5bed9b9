import type { OutgoingContent } from '../composer/content.ts';
import type { Prepared } from '../composer/files/attachment.svelte.ts';
import type { Message } from '../database.ts';
import { failureOf, type Failure } from '../errors/failure.ts';
import { backoff } from '../realtime/backoff.ts';
import { now } from '../time/instant.ts';

/** A file that a message waits for: on its way to Storage, or there. */
export interface Upload {
	/** Where the file can be seen meanwhile: an address of this page alone. Null where there is nothing to see. */
	readonly preview: string | null;
	readonly name: string;
	/** From 0 to 1. */
	readonly progress: number;
	/** What keeps it over a reload: its id, which its path is made of, and the file. */
	readonly id?: string;
	readonly prepared?: Prepared;
	/** It lies in Storage already, and stays there: over a reload nothing of it needs to be kept. */
	readonly stored?: object;
	/** Resolves when the file is in Storage; begins again what had failed. */
	ready(): Promise<void>;
	/** The message is sent or given up: nothing of the file is needed here any more. */
	release(): void;
}

/** A message on its way to the database. `clientId` makes it one message, however often it is sent. */
export interface Pending {
	clientId: string;
	content: OutgoingContent;
	upload: Upload | null;
	quoted: Message | null;
	/** Not for the customer: a note, and the colleagues it names. */
	note: { mentions: string[] } | null;
	/** The texts of canned responses it was made of. */
	used: readonly string[];
	at: string;
	/** What went wrong; null while it is on its way. */
	failed: Failure | null;
}

export type Send = (pending: {
	clientId: string;
	content: OutgoingContent;
	quotedId: string | null;
	note: Pending['note'];
	used: readonly string[];
}) => Promise<Message>;

/** Where unsent messages outlive the page. */
export interface Keeper {
	keep(pending: Pending): void;
	drop(clientId: string): void;
}

/**
 * What was written and isn't in the thread yet. One goes at a time, so that order is kept. What the database refuses
 * waits for a person; what could not reach it goes again by itself, and holds back what was written after it.
 */
export class Outbox {
	#send: Send;
	#onsent: (row: Message) => void;
	#items = $state.raw<Pending[]>([]);
	#keeper: Keeper | null;
	#busy = false;
	#tries = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(send: Send, onsent: (row: Message) => void, keeper: Keeper | null = null) {
		this.#send = send;
		this.#onsent = onsent;
		this.#keeper = keeper;
	}

	get items(): Pending[] {
		return this.#items;
	}

	add(
		content: OutgoingContent,
		quoted: Message | null = null,
		upload: Upload | null = null,
		used: readonly string[] = []
	) {
		this.#append({ content, quoted, upload, note: null, used });
	}

	/** Writes a note for colleagues. */
	note(text: string, mentions: string[]) {
		this.#append({ content: { kind: 'text', text }, quoted: null, upload: null, note: { mentions }, used: [] });
	}

	/** Takes what an earlier page had not sent: before what was written since, under the same ids. */
	restore(items: Pending[]) {
		const missing = items.filter(({ clientId }) => !this.#has(clientId));
		if (missing.length === 0) return;
		this.#items = [...missing, ...this.#items];
		void this.#drain();
	}

	/** Tries a failed one again under the same id: if it had arrived after all, it stays one message. */
	retry(clientId: string) {
		this.#change(clientId, { failed: null });
		void this.#drain();
	}

	/** Tries again what found nobody, because the connection may be back. */
	resume() {
		clearTimeout(this.#timer);
		for (const { clientId, failed } of this.#items) if (isOffline(failed)) this.#change(clientId, { failed: null });
		void this.#drain();
	}

	discard(clientId: string) {
		const gone = this.#items.find((item) => item.clientId === clientId);
		if (!gone) return;
		this.#items = this.#items.filter((item) => item !== gone);
		this.#keeper?.drop(clientId);
		gone.upload?.release();
	}

	/** The row is there, by answer or by Realtime, whichever was faster. */
	settle(clientId: string) {
		this.discard(clientId);
	}

	#append(pending: Pick<Pending, 'content' | 'quoted' | 'upload' | 'note' | 'used'>) {
		const item = { ...pending, clientId: crypto.randomUUID(), at: now(), failed: null };
		this.#items = [...this.#items, item];
		this.#keeper?.keep(item);
		void this.#drain();
	}

	async #drain() {
		if (this.#busy) return;
		this.#busy = true;
		for (;;) {
			const next = this.#items.find(({ failed }) => failed === null || isOffline(failed));
			if (!next || next.failed) break;
			try {
				if (next.upload) await next.upload.ready();
				// Given up while its file was on its way.
				if (!this.#has(next.clientId)) continue;
				const { clientId, content, quoted, note, used } = next;
				this.#onsent(await this.#send({ clientId, content, quotedId: quoted?.id ?? null, note, used }));
				this.#tries = 0;
				this.settle(clientId);
			} catch (problem) {
				const failed = failureOf(problem);
				this.#change(next.clientId, { failed });
				if (isOffline(failed)) this.#later();
			}
		}
		this.#busy = false;
	}

	#later() {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.resume(), backoff(this.#tries++));
	}

	#has(clientId: string): boolean {
		return this.#items.some((item) => item.clientId === clientId);
	}

	#change(clientId: string, changes: Partial<Pending>) {
		this.#items = this.#items.map((item) => (item.clientId === clientId ? { ...item, ...changes } : item));
	}
}

const isOffline = (failed: Failure | null) => failed?.code === 'offline';
