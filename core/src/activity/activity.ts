/** What was done to a conversation, as sql/41_activity.sql writes it into the thread. */

export interface Named {
	id: string;
	/** Null: they had left already. */
	name?: string | null;
}

export interface NamedTag extends Named {
	color: string;
}

export type Change =
	| { type: 'closed' | 'reopened' }
	| { type: 'spam'; to: boolean }
	/** `until` as the database writes it; 'infinity': until the customer writes. */
	| { type: 'snoozed'; until: string }
	| { type: 'woke'; by: 'answer' | 'time' | 'person' }
	| { type: 'team'; from?: Named | null; to?: Named | null }
	| { type: 'assignee'; from?: Named | null; to?: Named | null }
	| { type: 'priority'; from: number; to: number }
	| { type: 'tags'; added: NamedTag[]; removed: NamedTag[] }
	/** Another conversation of the contact became part of this one, or this one of another; `id` is the other's. */
	| { type: 'merged_in' | 'merged_into' | 'unmerged'; id: string };

/** What acted by itself, or which macro a person ran. */
export interface Cause {
	type: 'rule' | 'macro' | 'routing' | 'schedule' | 'hours' | 'flow' | 'ai';
	id?: string | null;
	name?: string | null;
	note?: string | null;
}

export interface ActivityContent {
	kind: 'activity';
	changes: Change[];
	cause?: Cause;
}
