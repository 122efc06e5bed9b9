import type { OutgoingContent } from './outgoing/content.ts';
import { graphPayload } from './outgoing/graph.ts';

export type { OutgoingContent };

/** To whom, in answer to what, under which id of ours. */
export interface Envelope {
	/** A phone number, or */
	to: string | null;
	/** a business-scoped user id, for people without a phone we know. */
	recipient?: string | null;
	/** The message quoted; for a reaction, the message reacted to. */
	target_external_id?: string | null;
	/** Our message id: every status webhook carries it back. */
	opaque?: string | null;
}

/** The body of `POST /<phone number id>/messages`. Throws when there is nobody to send to: a bug, not an input. */
export function buildMessage(content: OutgoingContent, envelope: Envelope): Record<string, unknown> {
	const { to, recipient, target_external_id: target, opaque } = envelope;
	if (!to && !recipient) throw new Error('a message needs `to` or `recipient`');
	return {
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		...(to ? { to } : { recipient }),
		...(target && content.kind !== 'reaction' ? { context: { message_id: target } } : {}),
		type: content.kind,
		[content.kind]: graphPayload(content, target ?? null),
		...(opaque ? { biz_opaque_callback_data: opaque } : {})
	};
}

/** Marks a message (and all before it) as read, and shows "typing…" for up to 25 s when asked to: one call for both. */
export function buildReadReceipt(external_id: string, typing = false): Record<string, unknown> {
	return {
		messaging_product: 'whatsapp',
		status: 'read',
		message_id: external_id,
		...(typing ? { typing_indicator: { type: 'text' } } : {})
	};
}
