import { extensionOf } from '#lib/media/file_type.ts';
import type { MessageMedia } from '@prosa/core/media/media.ts';
import type { MediaContent } from '@prosa/core/whatsapp/content.ts';

/** What a file is called, on its card and where it is saved. */
export function fileName(content: Partial<MediaContent>, media: MessageMedia | null, label: string): string {
	const named = content.filename || media?.filename;
	if (named) return named;
	const ending = extensionOf(null, media?.mime_type ?? content.mime_type ?? null);
	return ending ? `${label}.${ending.toLowerCase()}` : label;
}
