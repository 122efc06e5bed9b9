import type { Client } from '#lib/auth/client.ts';

/** One thing that happened to a person; `public.contact_story` says which `type`s there are and what each tells. */
export interface StoryEntry {
	at: string;
	id: string;
	type: string;
	conversation_id: string | null;
	seq: number | null;
	detail: Record<string, unknown>;
}

/** What was said in one conversation on one day, in the order it was said; or one thing that happened. */
export type Block =
	| { type: 'talk'; key: string; conversationId: string; entries: StoryEntry[] }
	| { type: 'event'; key: string; entry: StoryEntry };

export interface StoryDay {
	day: string;
	at: string;
	blocks: Block[];
}

export const pageSize = 60;

/** A page of the story, newest first, from the newest or after the last entry of the page before. */
export async function storyPage(client: Client, contactId: string, after: StoryEntry | null): Promise<StoryEntry[]> {
	const from = after ? { before: after.at, before_id: after.id } : {};
	const { data } = await client.rpc('contact_story', { contact_id: contactId, size: pageSize, ...from }).throwOnError();
	return data as unknown as StoryEntry[];
}

const said = new Set(['message', 'note']);
/** The activity that tells of an end is written with it. */
const sameMomentMs = 2_000;

/**
 * Puts entries, newest first, into days of blocks, the newest day and block first. A conversation's words of one day are
 * one block, wherever else something happened in between, and read downwards as they were said. That a conversation ended
 * is told once, though its row and its activity both know.
 */
export function storyDays(entries: StoryEntry[], dayOf: (at: string) => string): StoryDay[] {
	const closings = entries.filter(tellsOfClosing);
	const days: StoryDay[] = [];
	const talks = new Map<string, Extract<Block, { type: 'talk' }>>();
	for (const entry of entries) {
		if (entry.type === 'closed' && closings.some((closing) => isSame(closing, entry))) continue;
		const day = dayOf(entry.at);
		let here = days.at(-1);
		if (here?.day !== day) {
			here = { day, at: entry.at, blocks: [] };
			days.push(here);
		}
		if (!said.has(entry.type) || entry.conversation_id === null) {
			here.blocks.push({ type: 'event', key: `${entry.type}-${entry.id}-${entry.at}`, entry });
			continue;
		}
		const key = `${day} ${entry.conversation_id}`;
		const talk = talks.get(key);
		if (talk) talk.entries.unshift(entry);
		else {
			const block = { type: 'talk' as const, key, conversationId: entry.conversation_id, entries: [entry] };
			talks.set(key, block);
			here.blocks.push(block);
		}
	}
	return days;
}

function tellsOfClosing({ type, detail }: StoryEntry): boolean {
	const content = detail.content;
	if (type !== 'activity' || typeof content !== 'object' || content === null || !('changes' in content)) return false;
	const { changes } = content;
	return Array.isArray(changes) && changes.some((change: { type?: unknown }) => change.type === 'closed');
}

const isSame = (one: StoryEntry, other: StoryEntry) =>
	one.conversation_id === other.conversation_id && Math.abs(Date.parse(one.at) - Date.parse(other.at)) < sameMomentMs;

/** A long talk in brief: how it began and how it ended, and how much lies between. */
export function inBrief<Of>(entries: Of[], shown = 4): { first: Of[]; hidden: number; last: Of[] } {
	if (entries.length <= shown + 1) return { first: entries, hidden: 0, last: [] };
	const first = Math.floor(shown / 2);
	const last = shown - first;
	return { first: entries.slice(0, first), hidden: entries.length - shown, last: entries.slice(-last) };
}
