import { MEDIA_KINDS, type MediaKind } from '../whatsapp/content.ts';
import type { Inbound } from './answers/read.ts';

/** A message as `public.messages` keeps it, as far as a flow reads it. */
export interface MessageRow {
	id: string;
	seq: number;
	kind: string;
	body: string;
	content: Record<string, unknown>;
	media: Record<string, unknown> | null;
	/** Milliseconds since the epoch. */
	received_at: number;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const isMedia = (kind: string): kind is MediaKind => (MEDIA_KINDS as readonly string[]).includes(kind);

/** What a stored message says to a flow. */
export function inboundOf({ id, seq, kind, body, content, media, received_at }: MessageRow): Inbound {
	const { latitude, longitude } = content;
	return {
		id,
		seq,
		kind,
		text: body,
		received_at,
		choice: kind === 'interactive' ? text(content['id']) : kind === 'button' ? text(content['payload']) : null,
		media: isMedia(kind)
			? {
					kind,
					path: text(media?.['path']),
					mime_type: text(content['mime_type']),
					filename: text(content['filename'])
				}
			: null,
		location:
			kind === 'location' && typeof latitude === 'number' && typeof longitude === 'number'
				? { latitude, longitude, name: text(content['name']), address: text(content['address']) }
				: null
	};
}

/** The id of the ad that a message came from, '' where it has none; null: from no ad. */
export function adOf({ content }: Pick<MessageRow, 'content'>): string | null {
	const { referral } = content;
	if (typeof referral !== 'object' || referral === null) return null;
	return 'source_id' in referral && typeof referral.source_id === 'string' ? referral.source_id : '';
}
