import type { Conversations } from './conversations.svelte.ts';
import type { Thread } from './thread.svelte.ts';
import type { Threads } from './threads.svelte.ts';

/** What keeps a thread current, until it is stopped. */
export interface Following {
	stop(): void;
}

interface Tools {
	conversations: Conversations;
	threads: Threads;
	/** Listens to a thread's own topic. */
	listen: (thread: Thread) => Following;
	/** Asks whether a conversation is ours to see. */
	find: (id: string) => Promise<void>;
}

/** The conversation that is open, and whether it is one's to see. */
export class Opened {
	#tools: Tools;
	#id = $state.raw<string | null>(null);
	#thread = $state.raw<Thread | null>(null);
	#following: Following | null = null;
	/** It is followed; the server only draws it. */
	#live = false;
	/** It was asked for and isn't there, or isn't ours to see. */
	missing = $state(false);

	/** Its row, kept current by the list. */
	readonly row = $derived.by(() => (this.#id === null ? null : (this.#tools.conversations.get(this.#id) ?? null)));

	constructor(tools: Tools) {
		this.#tools = tools;
	}

	get id(): string | null {
		return this.#id;
	}

	get thread(): Thread | null {
		return this.#thread;
	}

	/** Whether it was asked for and its row isn't there yet. */
	get unknown(): boolean {
		return this.#id !== null && (this.missing || !this.row);
	}

	start() {
		this.#live = true;
		this.#follow();
	}

	stop() {
		this.#live = false;
		this.#following?.stop();
		this.#following = null;
	}

	/** Opens a conversation, or none. */
	show(id: string | null) {
		this.#id = id;
		this.#tools.threads.openId = id;
		this.#thread = id === null ? null : this.#tools.threads.of(id);
		this.missing = false;
		if (this.#live) this.#follow();
	}

	/**
	 * It was asked whether a conversation is ours. An open one that isn't is no longer listened to: Realtime asks for the
	 * right only at the join, and would refuse each later one. One that is ours again is listened to again.
	 */
	found(id: string) {
		// Stopped meanwhile, or another one is open.
		if (this.#id !== id || !this.#live) return;
		const missing = !this.#tools.conversations.get(id);
		if (missing === this.missing) return;
		this.missing = missing;
		if (!missing) return this.#follow();
		this.#following?.stop();
		this.#following = null;
	}

	/** Listens to it. The first join catches the thread up, as does every later one. */
	#follow() {
		this.#following?.stop();
		this.#following = null;
		const thread = this.#thread;
		if (!thread) return;
		// Not waiting for the join: a cold thread is on the screen sooner, and the join reads again what it missed.
		if (thread.pristine) void thread.older();
		if (!this.#tools.conversations.get(thread.id)) void this.#tools.find(thread.id);
		this.#following = this.#tools.listen(thread);
	}
}
