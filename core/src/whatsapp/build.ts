import type { MediaKind, TemplateContent, TextContent } from './content.ts';

/** What can be sent, as stored in `messages.content`. */
export type OutgoingContent =
	| (TextContent & { preview_url?: boolean })
	| OutgoingMedia
	| {
			kind: 'location';
			latitude: number;
			longitude: number;
			name?: string | null;
			address?: string | null;
	  }
	| { kind: 'contacts'; contacts: Record<string, unknown>[] }
	| { kind: 'reaction'; emoji: string }
	| { kind: 'interactive'; interactive: Record<string, unknown> }
	| TemplateContent;

/** Either a media id got by uploading, or a link Meta fetches. */
export interface OutgoingMedia {
	kind: MediaKind;
	media_id?: string | null;
	link?: string | null;
	caption?: string | null;
	filename?: string | null;
	voice?: boolean;
}

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
		[content.kind]: payloadOf(content, target ?? null),
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

function payloadOf(content: OutgoingContent, target: string | null): unknown {
	switch (content.kind) {
		case 'text':
			return { body: content.text, preview_url: content.preview_url ?? false };
		case 'location': {
			const { latitude, longitude, name, address } = content;
			return { latitude, longitude, ...present({ name, address }) };
		}
		case 'contacts':
			return content.contacts;
		case 'reaction':
			return { message_id: target, emoji: content.emoji };
		case 'interactive':
			return content.interactive;
		case 'template':
			return {
				name: content.name,
				language: { code: content.language },
				...(content.components.length > 0 ? { components: content.components } : {})
			};
		default:
			return mediaOf(content);
	}
}

/** Only documents have file names; audio and stickers have no caption: Meta answers 100 to either. */
function mediaOf({ kind, media_id, link, caption, filename, voice }: OutgoingMedia): unknown {
	return {
		...(media_id ? { id: media_id } : { link }),
		...present({
			caption: kind === 'audio' || kind === 'sticker' ? null : caption,
			filename: kind === 'document' ? filename : null
		}),
		...(kind === 'audio' && voice ? { voice } : {})
	};
}

function present(fields: Record<string, string | null | undefined>): Record<string, string> {
	return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
