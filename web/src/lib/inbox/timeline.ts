import type { Message } from '../database.ts';
import { millisOf } from '../time/instant.ts';
import type { Pending } from './outbox.svelte.ts';
import type { InboxRow } from './rows.ts';

export interface Reaction {
	emoji: string;
	/** Whose it is, 'contact' or the member who reacted, and since when. */
	by: { by: string; at: string }[];
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
	/** A run of what was done, without a message in between. */
	| { type: 'activity'; key: string; messages: Message[] }
	/** A conversation that became part of this one, where it ended. */
	| { type: 'part'; key: string; part: InboxRow }
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
	/** The conversations that are part of this one, the first to end first. */
	parts?: readonly InboxRow[];
	/** The messages begin with the first: what ended before them stands before them. */
	complete?: boolean;
}

/** Turns a thread's rows into what is drawn, top to bottom. Pure: the same rows give the same items. */
export function timeline(
	messages: Message[],
	pending: Pending[],
	{ unreadAfter, me, dayOf, parts = [], complete = true }: TimelineOptions
): Item[] {
	const targets = new Map<string, Message>();
	for (const message of messages) {
		targets.set(message.id, message);
		if (message.external_id) targets.set(message.external_id, message);
	}
	const targetOf = ({ quoted_message_id, target_external_id }: Message) =>
		targets.get(quoted_message_id ?? '') ?? targets.get(target_external_id ?? '');

	const reactions = foldReactions(messages, pending, targetOf, me);
	const ended = new Set(messages.map(endedCall));
	const items: Item[] = [];
	let day = '';
	/** How often each day has begun: what arrived late, or was imported, stands where it arrived. */
	const days = new Map<string, number>();
	let marked = unreadAfter === null;
	let previous: { author: string; at: number; entry: Entry } | null = null;

	const startDay = (at: string) => {
		const date = dayOf(at);
		if (date === day) return;
		day = date;
		previous = null;
		const before = days.get(date) ?? 0;
		days.set(date, before + 1);
		items.push({ type: 'day', key: before === 0 ? `day-${date}` : `day-${date}-${before}`, at });
	};
	const push = (author: string, at: string, entry: Entry) => {
		const time = millisOf(at) ?? 0;
		const joins = previous !== null && previous.author === author && Math.abs(time - previous.at) <= groupMs;
		entry.first = !joins;
		if (joins && previous) previous.entry.last = false;
		previous = { author, at: time, entry };
		items.push({ type: 'entry', key: entry.key, entry });
	};

	const unplaced = [...parts];
	const placeParts = (until: number, shown: boolean) => {
		for (let part = unplaced[0]; part && (millisOf(part.last_message_at) ?? 0) <= until; part = unplaced[0]) {
			unplaced.shift();
			if (!shown) continue;
			previous = null;
			items.push({ type: 'part', key: `part-${part.id}`, part });
		}
	};

	for (const [index, message] of messages.entries()) {
		if (parts.length > 0) placeParts(millisOf(message.created_at) ?? 0, index > 0 || complete);
		if (about.has(message.kind) && message.status !== 'failed' && targetOf(message)) continue;
		// A call is told by how it ended; that it rang is told while it does.
		if (message.content.kind === 'call' && !endedCall(message) && ended.has(message.content.call_id)) continue;
		startDay(message.sent_at);
		if (!marked && message.seq > (unreadAfter ?? 0) && message.direction === 'in') {
			marked = true;
			previous = null;
			items.push({ type: 'unread', key: 'unread' });
		}
		if (message.content.kind === 'activity') {
			previous = null;
			const before = items.at(-1);
			if (before?.type === 'activity') before.messages.push(message);
			else items.push({ type: 'activity', key: message.id, messages: [message] });
			continue;
		}
		if (
			message.kind === 'system' ||
			(message.author === 'system' && message.kind !== 'note') ||
			about.has(message.kind)
		) {
			previous = null;
			items.push({ type: 'line', key: message.id, message });
			continue;
		}
		const key = message.client_id ?? message.id;
		const author = `${message.is_private ? 'note' : message.direction}:${message.author_id ?? message.author}`;
		push(author, message.sent_at, {
			key,
			message,
			pending: null,
			reactions: reactions.get(message.id) ?? [],
			first: true,
			last: true
		});
	}
	placeParts(Infinity, true);
	for (const item of pending) {
		if (isReacting(item)) continue;
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

/** The call that a message tells the end of; null for everything else. */
function endedCall({ content }: Message): string | null {
	return content.kind === 'call' && content.event === 'terminate' ? content.call_id : null;
}

/** A reaction on its way stands on its message already; one that was refused is told like any other message. */
function isReacting({ content, quoted, failed }: Pending): boolean {
	return content.kind === 'reaction' && quoted !== null && failed === null;
}

/** The last word of each side about each message: an empty emoji takes a reaction back, and a company has one together. */
function foldReactions(
	messages: Message[],
	pending: Pending[],
	targetOf: (message: Message) => Message | undefined,
	me: string
) {
	const latest = new Map<string, Map<'in' | 'out', { emoji: string; by: string; at: string }>>();
	const say = (target: string, side: 'in' | 'out', emoji: string, by: string, at: string) => {
		const of = latest.get(target) ?? new Map<'in' | 'out', { emoji: string; by: string; at: string }>();
		if (emoji === '') of.delete(side);
		else of.set(side, { emoji, by, at });
		latest.set(target, of);
	};
	for (const message of messages) {
		const { content, direction, status } = message;
		const target = content.kind === 'reaction' && status !== 'failed' ? targetOf(message) : undefined;
		if (!target || content.kind !== 'reaction') continue;
		const by = direction === 'in' ? 'contact' : (message.author_id ?? message.author);
		say(target.id, direction, content.removed ? '' : content.emoji, by, message.sent_at);
	}
	for (const item of pending) {
		if (item.content.kind === 'reaction' && item.quoted && isReacting(item)) {
			say(item.quoted.id, 'out', item.content.emoji, me, item.at);
		}
	}
	const folded = new Map<string, Reaction[]>();
	for (const [id, of] of latest) {
		const byEmoji = new Map<string, Reaction['by']>();
		for (const { emoji, by, at } of of.values()) byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), { by, at }]);
		folded.set(
			id,
			[...byEmoji].map(([emoji, by]) => ({ emoji, by }))
		);
	}
	return folded;
}
