import { SvelteMap } from 'svelte/reactivity';
import type { Session } from '../auth/session.svelte.ts';
import { KeptOutbox } from './kept_outbox.ts';
import { pageSize } from './queries.ts';
import { threadSource } from './thread_source.ts';
import { Thread } from './thread.svelte.ts';

/** Threads kept warm, so that going back and forth costs nothing. */
const warmThreads = 12;

/** The threads of one person in one workspace: the latest ones, and those that hold something unsent. */
export class Threads {
	#session: Session;
	#tenantId: string;
	#me: string;
	#threads = new SvelteMap<string, Thread>();
	#kept: KeptOutbox | null = null;
	#letGo: (() => void) | null = null;
	/** The one on the screen is never forgotten. */
	openId: string | null = null;

	constructor(session: Session, tenantId: string, me: string) {
		this.#session = session;
		this.#tenantId = tenantId;
		this.#me = me;
		// The server draws the page too, and keeps nothing.
		if (typeof indexedDB !== 'undefined') this.#kept = new KeptOutbox(me, tenantId);
	}

	/** How many messages were written here and have not left. */
	readonly unsent = $derived([...this.#threads.values()].reduce((sum, { outbox }) => sum + outbox.items.length, 0));

	of(id: string): Thread {
		const known = this.#threads.get(id);
		if (known) {
			// The most recently used stands last.
			this.#threads.delete(id);
			this.#threads.set(id, known);
			return known;
		}
		const keeper = this.#kept?.keeperOf(id) ?? null;
		const thread = new Thread(id, threadSource(this.#session, this.#tenantId, this.#me, id, keeper), pageSize);
		this.#threads.set(id, thread);
		this.#forgetOldest();
		return thread;
	}

	/** The device is online again: what was written meanwhile goes out without waiting for its next try. */
	readonly resume = () => {
		for (const thread of this.#threads.values()) thread.outbox.resume();
	};

	/**
	 * Sends what an earlier page had not: of all windows one does, and when it closes the next takes over. Ids are kept,
	 * so that what had arrived after all stays one message.
	 */
	restore() {
		const kept = this.#kept;
		if (!kept || !('locks' in navigator)) return;
		const ending = new AbortController();
		const ended = new Promise<void>((resolve) => (this.#letGo = resolve));
		void ended.then(() => ending.abort());
		void navigator.locks
			.request(`prosa:outbox:${this.#tenantId}:${this.#me}`, { signal: ending.signal }, async () => {
				for (const { conversationId, file, ...row } of await kept.all()) {
					const { outbox, tray } = this.of(conversationId);
					outbox.restore([{ ...row, upload: file && tray.again(file), failed: null }]);
				}
				await ended;
			})
			.catch(() => undefined); // Stopped while waiting, or nothing can be kept here.
	}

	/** Another window may go on with what is unsent. */
	stop() {
		for (const thread of this.#threads.values()) thread.stop();
		this.#letGo?.();
		this.#letGo = null;
	}

	/** A thread with something unsent is kept, whatever its age. */
	#forgetOldest() {
		for (const [id, thread] of this.#threads) {
			if (this.#threads.size <= warmThreads) return;
			if (id === this.openId || thread.unsent) continue;
			thread.stop();
			this.#threads.delete(id);
		}
	}
}
