/** Where a message of the business stands for Meta, and how far a customer's message came. */
export type Status = 'accepted' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';

export interface Failure {
	code: number;
	title: string;
	details: string;
}

/** One message of a chat, whichever side wrote it. `kind` and `content` are the wire's own type and object. */
export interface ChatMessage {
	id: string;
	/** The chat it stands in: see `chatKey`. */
	chat: string;
	/** `in` towards the business, `out` from it. */
	direction: 'in' | 'out';
	kind: string;
	content: Record<string, unknown>;
	at: number;
	status: Status;
	failure: Failure | null;
	quoted: string | null;
	/** Reactions on this message, of either side. */
	reactions: { customer?: string; business?: string };
	edited_at: number | null;
	revoked_at: number | null;
	/** Forwarded, came from an ad: what a bubble shows above its content. */
	label: string | null;
	/** `biz_opaque_callback_data` of the send call, echoed in every status. */
	opaque: string | null;
	/** How the business addressed the person, which decides what statuses say. */
	addressed_by: 'phone' | 'user_id';
	/** What it was charged, once known: fixed when it is sent. */
	pricing: Record<string, unknown> | null;
	/** What the message is charged as. */
	category: string | null;
	/** Written before this simulator knew of it: shown, never reported on. */
	history: boolean;
}

/** One chat: a business's number and a person. */
export const chatKey = (phoneNumberId: string, customerId: string): string => `${phoneNumberId}|${customerId}`;

/** The two halves of a chat key. */
export function splitChatKey(chat: string): { phone_number_id: string; customer: string } {
	const cut = chat.indexOf('|');
	return { phone_number_id: chat.slice(0, cut), customer: chat.slice(cut + 1) };
}
