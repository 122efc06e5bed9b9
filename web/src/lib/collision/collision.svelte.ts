import type { Mode } from '../composer/mode.ts';
import type { Message } from '../database.ts';
import type { Begun } from '../inbox/drafts.svelte.ts';
import type { Preparing, Presence } from '../inbox/presence.ts';
import { about } from '../inbox/timeline.ts';

/** What of a conversation tells that somebody else is at it. */
export interface Sight {
	/** Its newest place, whether that message is loaded or not. */
	lastSeq: number;
	assigneeId: string | null;
	messages: readonly Message[];
	lookers: readonly Presence[];
}

/** Somebody else's hand in what one is about to answer. */
export type Cross =
	/** They write to the customer now. */
	| { type: 'writing'; key: string; userId: string; name: string }
	/** They have something else ready for the customer, or are making it. */
	| { type: 'preparing'; key: string; userId: string; name: string; what: Preparing }
	/** They have answered since one began. */
	| { type: 'replied'; key: string; message: Message }
	/** They have had the conversation since. */
	| { type: 'taken'; key: string; userId: string };

/** Who else has a hand in it since a reply was begun. Pure: the same sight gives the same answer. */
export function crossing({ assigneeId, messages, lookers }: Sight, begun: Begun | null, me: string): Cross[] {
	if (!begun) return [];
	const crosses: Cross[] = [];
	for (const message of messages) {
		const { id, seq, direction, author, author_id, is_private, kind } = message;
		if (seq <= begun.seq || direction !== 'out' || author !== 'agent' || author_id === me) continue;
		if (!is_private && !about.has(kind)) crosses.push({ type: 'replied', key: `replied:${id}`, message });
	}
	for (const { user_id: userId, name, typing_at, typing, preparing: what } of lookers) {
		if (typing_at !== null && typing === 'reply')
			crosses.push({ type: 'writing', key: `writing:${userId}`, userId, name });
		else if (what) crosses.push({ type: 'preparing', key: `preparing:${userId}`, userId, name, what });
	}
	if (assigneeId !== null && assigneeId !== me && assigneeId !== begun.assigneeId) {
		crosses.push({ type: 'taken', key: `taken:${assigneeId}`, userId: assigneeId });
	}
	return crosses;
}

/** Where a begun reply is kept, with how the conversation stood then. */
interface Beginnings {
	begun(conversationId: string): Begun | null;
	begin(conversationId: string, begun: Begun): void;
}

/** Two who write to one customer: says so while one writes, and asks once before it is sent. */
export class Collision {
	#id: string;
	#me: string;
	#drafts: Beginnings;
	#sight: () => Sight;
	/** Something lies ready beside the text. */
	#holding = false;
	#begun = $state.raw<Begun | null>(null);
	/** What one was asked about and sends in spite of, or has looked at. */
	#known = $state.raw<readonly string[]>([]);
	/** One is being asked. */
	asking = $state(false);

	constructor(id: string, me: string, drafts: Beginnings, sight: () => Sight) {
		this.#id = id;
		this.#me = me;
		this.#drafts = drafts;
		this.#sight = sight;
	}

	readonly crosses = $derived.by(() => crossing(this.#sight(), this.#begun, this.#me));

	/** Takes up a draft that was left. */
	load() {
		this.#begun = this.#drafts.begun(this.#id);
	}

	/** The text of the reply changed. */
	wrote(mode: Mode, text: string) {
		if (mode !== 'reply') return;
		if (text.trim() === '' && !this.#holding) return this.end();
		this.#begin();
	}

	/** Something for the customer lies ready beside the text, or is being made; or no longer. */
	holds(holding: boolean, text: string) {
		this.#holding = holding;
		if (holding) this.#begin();
		else if (text.trim() === '') this.end();
	}

	#begin() {
		if (this.#begun) return;
		const { lastSeq, assigneeId } = this.#sight();
		this.#begun = { seq: lastSeq, assigneeId };
		this.#drafts.begin(this.#id, this.#begun);
	}

	/** Whether it may go without asking. The same thing is asked about once. */
	mayGo(): boolean {
		if (this.crosses.every(({ key }) => this.#known.includes(key))) return true;
		this.asking = true;
		return false;
	}

	/** One knows what is on the screen now. */
	know() {
		this.#known = [...this.#known, ...this.crosses.map(({ key }) => key)];
		this.asking = false;
	}

	/** Sent, or given up. */
	end() {
		this.#begun = null;
		this.#known = [];
		this.asking = false;
	}
}
