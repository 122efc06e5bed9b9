import { getContext, setContext } from 'svelte';
import type { Inbox } from '../inbox/inbox.svelte.ts';
import type { Ways } from '../inbox/ways.svelte.ts';
import { attempt, done } from '../ui/toast.ts';
import { m } from '../paraglide/messages.js';

/** How what stands beside a thread brings one of its messages into sight. */
export class Jump {
	#ways: Ways;
	/** Closes what lies over the thread. */
	readonly leave: () => void;

	constructor(ways: Ways, leave: () => void) {
		this.#ways = ways;
		this.leave = leave;
	}

	/** To a place whose conversation is known. */
	to(inbox: Inbox, conversationId: string, seq: number, messageId: string | null) {
		this.leave();
		void inbox.seek(conversationId, { seq, messageId });
		this.#ways.visit(conversationId);
	}

	/** To a conversation's newest. */
	visit(conversationId: string) {
		this.leave();
		this.#ways.visit(conversationId);
	}

	/** To a message of which only the id is known; says so where it is gone, or not one's to see. */
	async toMessage(inbox: Inbox, messageId: string) {
		await attempt(async () => {
			const place = await inbox.placeOf(messageId);
			if (place) this.to(inbox, place.conversation_id, place.seq, messageId);
			else done(m.quote_unreachable());
		});
	}
}

const key = Symbol('jump');
export const setJump = (jump: Jump) => setContext(key, jump);
export const getJump = () => getContext<Jump>(key);
