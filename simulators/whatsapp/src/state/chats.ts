import type { Events } from './events.ts';
import type { Journal } from './journal.ts';
import { splitChatKey, type ChatMessage } from './message.ts';

/** A chat keeps its newest messages, as a phone with little room would. */
const MOST_MESSAGES = 500;
const DAY = 24 * 60 * 60 * 1000;

/** What opens the window of a chat. */
interface Opening {
	last_inbound: number | null;
	/** The last inbound message that came from an ad: an answer within a day opens 72 hours. */
	ad_at: number | null;
	free_entry_until: number | null;
}

/** All conversations the phones remember. */
export class Chats {
	readonly #journal: Journal;
	readonly #events: Events;
	readonly #messages = new Map<string, ChatMessage>();
	readonly #chats = new Map<string, ChatMessage[]>();
	readonly #openings = new Map<string, Opening>();

	constructor(journal: Journal, events: Events) {
		this.#journal = journal;
		this.#events = events;
		for (const message of journal.all<ChatMessage>('message')) this.#index(message);
		for (const { chat, ...opening } of journal.all<Opening & { chat: string }>('opening')) {
			this.#openings.set(chat, opening);
		}
	}

	get(id: string): ChatMessage | null {
		return this.#messages.get(id) ?? null;
	}

	/** The messages of a chat, oldest first. */
	of(chat: string): readonly ChatMessage[] {
		return this.#chats.get(chat) ?? [];
	}

	/** Every chat with its newest message, newest chat first. */
	list(): { chat: string; phone_number_id: string; customer: string; last: ChatMessage; count: number }[] {
		return [...this.#chats]
			.flatMap(([chat, messages]) => {
				const last = messages.at(-1);
				return last ? [{ chat, ...splitChatKey(chat), last, count: messages.length }] : [];
			})
			.sort((one, other) => other.last.at - one.last.at);
	}

	/** Messages of the business that Meta still owes a status for, so a restart can go on. */
	unfinished(): ChatMessage[] {
		return [...this.#messages.values()].filter(
			(message) =>
				message.direction === 'out' && !message.history && (message.status === 'accepted' || message.status === 'sent')
		);
	}

	add(message: ChatMessage, fromAd = false): void {
		this.#index(message);
		this.#note(message, fromAd);
		this.#keep(message);
		const messages = this.#chats.get(message.chat) ?? [];
		while (messages.length > MOST_MESSAGES) {
			const oldest = messages.shift();
			if (!oldest) break;
			this.#messages.delete(oldest.id);
			this.#journal.forget('message', oldest.id);
		}
	}

	/** Writes down a change made to a message and tells the pages. */
	changed(message: ChatMessage): void {
		this.#keep(message);
	}

	/**
	 * Whether free-form messages may be sent: 24 hours from the customer's last message, 72 from the answer to one that
	 * came through an ad. `unknown` when the customer never wrote as far as this simulator knows.
	 */
	window(chat: string, now: number): 'open' | 'closed' | 'unknown' {
		const opening = this.#openings.get(chat);
		if (!opening || opening.last_inbound === null) return 'unknown';
		if (now < opening.last_inbound + DAY) return 'open';
		return opening.free_entry_until !== null && now < opening.free_entry_until ? 'open' : 'closed';
	}

	/** Whether messages are free of charge because the customer came through an ad. */
	isFreeEntry(chat: string, now: number): boolean {
		const until = this.#openings.get(chat)?.free_entry_until ?? null;
		return until !== null && now < until;
	}

	reset(): void {
		this.#messages.clear();
		this.#chats.clear();
		this.#openings.clear();
	}

	#index(message: ChatMessage): void {
		this.#messages.set(message.id, message);
		const messages = this.#chats.get(message.chat);
		if (!messages) {
			this.#chats.set(message.chat, [message]);
			return;
		}
		// Imported history may be older than what is there; everything else lands at the end.
		let place = messages.length;
		while (place > 0 && (messages[place - 1]?.at ?? 0) > message.at) place--;
		messages.splice(place, 0, message);
	}

	#note(message: ChatMessage, fromAd: boolean): void {
		const opening = this.#openings.get(message.chat) ?? { last_inbound: null, ad_at: null, free_entry_until: null };
		if (message.direction === 'in') {
			opening.last_inbound = Math.max(opening.last_inbound ?? 0, message.at);
			if (fromAd) opening.ad_at = message.at;
		} else if (opening.ad_at !== null && message.at < opening.ad_at + DAY) {
			opening.free_entry_until = message.at + 3 * DAY;
			opening.ad_at = null;
		}
		this.#openings.set(message.chat, opening);
		this.#journal.put('opening', message.chat, { chat: message.chat, ...opening });
	}

	#keep(message: ChatMessage): void {
		this.#journal.put('message', message.id, message);
		this.#events.publish('message', message);
	}
}
