import type { Content } from './content.ts';

/** Snake case on purpose: these go to `private.receive` as they are. */
export interface Identity {
	kind: 'phone' | 'bsuid' | 'parent_bsuid';
	/** Canonical key: all ways of writing one number are one value. */
	value: string;
	/** As delivered: what to send to. */
	address: string;
}

/** Where it happened. An unknown number has a `waba_id` still, '' when even that is missing. */
export interface Place {
	phone_number_id: string | null;
	waba_id: string;
}

/** The customer, whichever direction the event has. No identities: the payload named nobody. */
export interface Person {
	identities: Identity[];
	name: string | null;
	username: string | null;
}

export type Direction = 'in' | 'out';
export type Kind = Content['kind'];

export interface Message extends Place, Person {
	type: 'message';
	direction: Direction;
	author: 'contact' | 'agent' | 'system';
	external_id: string;
	kind: Kind;
	content: Content;
	/** Plain text for search and preview, '' if none. */
	body: string;
	/** ISO, UTC. */
	sent_at: string;
	/** The message quoted, reacted to, edited or revoked. */
	target_external_id: string | null;
	opens_window: boolean;
	free_entry_point: boolean;
	counts_unread: boolean;
	/** Lower case (`read`, `delivered`, …); set for history sync only. */
	history_status: string | null;
}

export const STATUSES = ['sent', 'delivered', 'read', 'played', 'failed', 'deleted', 'warning'] as const;

export interface GraphError {
	code: number;
	title: string;
	details: string | null;
}

export interface Status extends Place, Person {
	type: 'status';
	external_id: string;
	status: (typeof STATUSES)[number];
	at: string;
	/** Our own message id, sent as `biz_opaque_callback_data`. */
	opaque: string | null;
	error: GraphError | null;
	/** Meta's `pricing`, with its `conversation` where there is one. */
	pricing: object | null;
}

/** All identities belong to one person: previous ones first, current ones last. */
export interface IdentityChange extends Place, Person {
	type: 'identity';
	at: string;
	detail: string | null;
}

export interface Preference extends Place, Person {
	type: 'preference';
	category: string;
	value: 'stop' | 'resume';
	at: string;
}

/** Every other change: templates, quality, account, errors, fields nobody has heard of. Nothing is dropped. */
export interface Account extends Place {
	type: 'account';
	field: string;
	payload: object;
	at: string;
}

export type Event = Message | Status | IdentityChange | Preference | Account;
