import { SvelteMap } from 'svelte/reactivity';
import type { Mode } from '../composer/mode.ts';
import type { Connection } from '../realtime/connection.svelte.ts';
import { Pace } from '../realtime/pace.ts';
import { Topic } from '../realtime/topic.ts';
import type { Session } from '../auth/session.svelte.ts';
import type { Member } from '../workspace/context.ts';
import { lookers, pagesOf, typingLivesMs, type Preparing, type Presence } from './presence.ts';

/** While someone types, their page says so again this often. */
const renewTypingMs = 8_000;
/** Typing ends this long after the last key. */
const idleMs = 3_500;

/** Who is online, who looks where, who types: one presence topic a workspace. */
export class People {
	#me: string;
	#topic: Topic;
	#pages = $state.raw<Presence[]>([]);
	/** Typing that went quiet, by page; forgotten when the page says something new. */
	#quiet = new SvelteMap<string, number>();
	#timers: Record<string, ReturnType<typeof setTimeout>> = {};

	#conversationId: string | null = null;
	#typingAt: number | null = null;
	#typing: Mode = 'reply';
	#preparing: Preparing | null = null;
	#idle: ReturnType<typeof setTimeout> | undefined;
	/** Realtime allows five calls in 30 s and closes the channel at the sixth. */
	#pace = new Pace(() => this.#tell(), 4, 30_000);

	readonly online = $derived(this.#pages.map(({ user_id }) => user_id));

	/** `members` are who may be shown, and by which name. */
	constructor(session: Session, connection: Connection, tenantId: string, me: string, members: Member[]) {
		this.#me = me;
		this.#topic = new Topic(session.client, connection, `presence:${tenantId}`, {
			presence: { key: me, onsync: (state) => this.#sync(pagesOf(state, members)) },
			onjoin: () => this.#pace.ask()
		});
	}

	readonly #heard = $derived(
		this.#pages.map((page) =>
			page.typing_at !== null && this.#quiet.get(page.user_id) === page.typing_at ? { ...page, typing_at: null } : page
		)
	);
	/** Sorted once a change, not once a row of the list. */
	readonly #lookers = $derived.by(() => lookers(this.#heard, this.#me));

	/** Who else looks at a conversation, typists first. */
	at(conversationId: string): Presence[] {
		return this.#lookers.get(conversationId) ?? [];
	}

	/** Who types in a conversation, not counting oneself. */
	typing(conversationId: string): Presence[] {
		return this.at(conversationId).filter(({ typing_at }) => typing_at !== null);
	}

	lookAt(conversationId: string | null) {
		if (this.#conversationId === conversationId) return;
		this.#conversationId = conversationId;
		this.#typingAt = null;
		this.#preparing = null;
		this.#pace.ask();
	}

	/** Something for the customer lies ready beside the text, or is being made. */
	prepare(preparing: Preparing | null) {
		if (this.#preparing === preparing) return;
		this.#preparing = preparing;
		this.#pace.ask();
	}

	/** A key was pressed in the composer. Told to others at most every few seconds. */
	keyPressed(mode: Mode = 'reply') {
		clearTimeout(this.#idle);
		this.#idle = setTimeout(() => this.stopTyping(), idleMs);
		if (this.#typingAt !== null && this.#typing === mode && Date.now() - this.#typingAt < renewTypingMs) return;
		this.#typing = mode;
		this.#typingAt = Date.now();
		this.#pace.ask();
	}

	stopTyping() {
		clearTimeout(this.#idle);
		if (this.#typingAt === null) return;
		this.#typingAt = null;
		this.#pace.ask();
	}

	stop() {
		clearTimeout(this.#idle);
		this.#pace.stop();
		for (const timer of Object.values(this.#timers)) clearTimeout(timer);
		void this.#topic.stop();
	}

	#sync(pages: Presence[]) {
		this.#pages = pages;
		for (const { user_id, typing_at } of pages) {
			if (typing_at === null) continue;
			clearTimeout(this.#timers[user_id]);
			this.#timers[user_id] = setTimeout(() => this.#quiet.set(user_id, typing_at), typingLivesMs);
		}
	}

	#tell() {
		this.#topic.track({
			conversation_id: this.#conversationId,
			typing_at: this.#typingAt,
			typing: this.#typing,
			preparing: this.#preparing
		});
	}
}
