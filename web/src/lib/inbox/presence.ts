import type { Mode } from '../composer/mode.ts';
import type { Member } from '../workspace/context.ts';

type Named = Pick<Member, 'user_id' | 'display_name'>;

/** What somebody makes ready for the customer without typing: files, a template, a form, a recording, a canned response. */
export const preparations = ['files', 'template', 'form', 'voice', 'canned'] as const;
export type Preparing = (typeof preparations)[number];

/** An open page of a member: where it is and whether it types, as it says; who that is, as the workspace says. */
export interface Presence {
	user_id: string;
	name: string;
	/** The conversation being looked at. */
	conversation_id: string | null;
	/** Changes with every burst of typing; null when not typing. */
	typing_at: number | null;
	/** What is being written: for the customer, or a note. */
	typing: Mode;
	/** What lies ready, or is being made. It stays until it is sent or given up. */
	preparing: Preparing | null;
}

/** Typing that is not renewed is forgotten after this time: a page can vanish without saying so. */
export const typingLivesMs = 12_000;

/** What a page tells of itself. Anyone on the topic may write anything there. */
type Told = Pick<Presence, 'conversation_id' | 'typing_at'> & { typing?: unknown; preparing?: unknown };

function isTold(value: unknown): value is Told {
	if (typeof value !== 'object' || value === null) return false;
	if (!('conversation_id' in value) || !('typing_at' in value)) return false;
	const { conversation_id: conversation, typing_at: typing } = value;
	return (conversation === null || typeof conversation === 'string') && (typing === null || typeof typing === 'number');
}

/**
 * The members' pages behind a presence state. Who somebody is comes from the state's key and the memberships, never
 * from what they tell; keys of nobody here, and what is of another shape, are ignored.
 */
export function pagesOf(state: Record<string, unknown[]>, members: Named[]): Presence[] {
	return members.flatMap(({ user_id, display_name: name }): Presence[] => {
		const pages = Object.hasOwn(state, user_id) ? (state[user_id] ?? []) : [];
		return pages.filter(isTold).map(({ conversation_id, typing_at, typing, preparing }) => ({
			user_id,
			name,
			conversation_id,
			typing_at,
			typing: typing === 'note' ? 'note' : 'reply',
			preparing: preparations.find((one) => one === preparing) ?? null
		}));
	});
}

/** Other people by the conversation they look at, once each, typists first, who answers before who prepares before who notes. */
export function lookers(pages: Presence[], me: string): Map<string, Presence[]> {
	const rank = ({ typing_at, typing, preparing }: Presence) =>
		typing_at !== null && typing === 'reply' ? 3 : preparing ? 2 : typing_at !== null ? 1 : 0;
	const byConversation = new Map<string, Presence[]>();
	for (const page of pages.toSorted((a, b) => rank(b) - rank(a))) {
		if (page.conversation_id === null || page.user_id === me) continue;
		const here = byConversation.get(page.conversation_id) ?? [];
		if (!here.some(({ user_id }) => user_id === page.user_id)) here.push(page);
		byConversation.set(page.conversation_id, here);
	}
	return byConversation;
}
