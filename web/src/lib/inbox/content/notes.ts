import type { MediaContent } from '@prosa/core/whatsapp/content.ts';
import { m } from '#lib/paraglide/messages.js';

/** Under the card of a file we don't have: its name or type. */
export function mediaNote({ filename, mime_type }: Partial<MediaContent>): string {
	const type = mime_type?.split(';')[0]?.split('/')[1]?.toUpperCase();
	return [filename, filename ? null : type, filename ? null : m.media_later()].filter(Boolean).join(' · ');
}
