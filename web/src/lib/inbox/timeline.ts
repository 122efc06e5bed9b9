import type { Message } from '../database.ts';
import { millisOf } from '../time/instant.ts';
import type { Pending } from './outbox.svelte.ts';

export interface Reaction {
	emoji: string;
	/** Whose it is: 'contact', or the member who reacted. */
	by: string[];
}

/** A message as the thread draws it. `key` stays when a pending one becomes a row, so that nothing flickers. */
export interface Entry {
	key: string;
	message: Message | null;
	pending: Pending | null;
	reactions: Reaction[];
	/** Where it stands among the messages of one author within two minutes. */
	first: boolean;
	last: boolean;
}

export type Item =
	| { type: 'day'; key: string; at: string }
	| { type: 'unread'; key: string }
	| { type: 'line'; key: string; message: Message }
	| { type: 'entry'; key: string; entry: Entry };

const groupMs = 2 * 60_000;

/** Kinds that say something about another message, and vanish into it where that one is loaded. */
export const about = new Set(['reaction', 'edit', 'revoke']);

export interface TimelineOptions {
	/** Everything after this seq from the customer is new; null when there is nothing to mark. */
	unreadAfter: number | null;
	/** Who looks: what they are just sending joins what they have sent. */
	me: string;
	/** The local day of an instant, such as 2026-11-21. */
	dayOf: (at: string) => string;
}

/** Turns a thread's rows into what is drawn, top to bottom. Pure: the same rows give the same items. */
export function timeline(messages: Message[], pending: Pending[], { unreadAfter, me, dayOf }: TimelineOptions): Item[] {
	const targets = new Map<string, Message>();
	for (const message of messages) {
		targets.set(message.id, message);
		if (message.external_id) targets.set(message.external_id, message);
	}
	const targetOf = ({ quoted_message_id, target_external_id }: Message) =>
		targets.get(quoted_message_id ?? '') ?? targets.get(target_external_id ?? '');

	const reactions = foldReactions(messages, targetOf);
	const items: Item[] = [];
	let day = '';
	let marked = unreadAfter === null;
	let previous: { author: string; at: number; entry: Entry } | null = null;

	const startDay = (at: string) => {
		const date = dayOf(at);
		if (date === day) return;
		day = date;
		previous = null;
		items.push({ type: 'day', key: `day-${date}`, at });
	};
	const push = (author: string, at: string, entry: Entry) => {
		const time = millisOf(at) ?? 0;
		const joins = previous !== null && previous.author === author && Math.abs(time - previous.at) <= groupMs;
		entry.first = !joins;
		if (joins && previous) previous.entry.last = false;
		previous = { author, at: time, entry };
		items.push({ type: 'entry', key: entry.key, entry });
	};

	for (const message of messages) {
		if (about.has(message.kind) && targetOf(message)) continue;
		startDay(message.sent_at);
		if (!marked && message.seq > (unreadAfter ?? 0) && message.direction === 'in') {
			marked = true;
			previous = null;
			items.push({ type: 'unread', key: 'unread' });
		}
		if (message.kind === 'system' || message.author === 'system' || about.has(message.kind)) {
			previous = null;
			items.push({ type: 'line', key: message.id, message });
			continue;
		}
		const key = message.client_id ?? message.id;
		const author = `${message.direction}:${message.author_id ?? message.author}`;
		push(author, message.sent_at, {
			key,
			message,
			pending: null,
			reactions: reactions.get(message.id) ?? [],
			first: true,
			last: true
		});
	}
	for (const item of pending) {
		startDay(item.at);
		push(`out:${me}`, item.at, {
			key: item.clientId,
			message: null,
			pending: item,
			reactions: [],
			first: true,
			last: true
		});
	}
	return items;
}

/** The last word of each person about each message: an empty emoji takes a reaction back. */
function foldReactions(messages: Message[], targetOf: (message: Message) => Message | undefined) {
	const latest = new Map<string, Map<string, string>>();
	for (const message of messages) {
		const target = message.kind === 'reaction' ? targetOf(message) : undefined;
		if (!target || message.content.kind !== 'reaction') continue;
		const by = message.direction === 'in' ? 'contact' : (message.author_id ?? message.author);
		const of = latest.get(target.id) ?? new Map<string, string>();
		if (message.content.removed || message.content.emoji === '') of.delete(by);
		else of.set(by, message.content.emoji);
		latest.set(target.id, of);
	}
	const folded = new Map<string, Reaction[]>();
	for (const [id, of] of latest) {
		const byEmoji = new Map<string, string[]>();
		for (const [by, emoji] of of) byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), by]);
		folded.set(
			id,
			[...byEmoji].map(([emoji, by]) => ({ emoji, by }))
		);
	}
	return folded;
}
