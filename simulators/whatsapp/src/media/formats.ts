import type { GraphError } from '../graph/error.ts';
import { badParameter, documented } from '../graph/error.ts';

const MB = 1024 * 1024;

type MediaKind = 'image' | 'audio' | 'video' | 'document' | 'sticker';

/** What Meta takes, by type: which messages it may go in and how large it may be. */
const formats: Record<string, { kinds: MediaKind[]; max: number }> = {
	'audio/aac': { kinds: ['audio'], max: 16 * MB },
	'audio/mp4': { kinds: ['audio'], max: 16 * MB },
	'audio/mpeg': { kinds: ['audio'], max: 16 * MB },
	'audio/amr': { kinds: ['audio'], max: 16 * MB },
	'audio/ogg': { kinds: ['audio'], max: 16 * MB },
	'audio/opus': { kinds: ['audio'], max: 16 * MB },
	'application/vnd.ms-powerpoint': { kinds: ['document'], max: 100 * MB },
	'application/msword': { kinds: ['document'], max: 100 * MB },
	'application/vnd.openxmlformats-officedocument.wordprocessingml.document': { kinds: ['document'], max: 100 * MB },
	'application/vnd.openxmlformats-officedocument.presentationml.presentation': { kinds: ['document'], max: 100 * MB },
	'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { kinds: ['document'], max: 100 * MB },
	'application/pdf': { kinds: ['document'], max: 100 * MB },
	'text/plain': { kinds: ['document'], max: 100 * MB },
	'application/vnd.ms-excel': { kinds: ['document'], max: 100 * MB },
	'image/jpeg': { kinds: ['image', 'document'], max: 5 * MB },
	'image/png': { kinds: ['image', 'document'], max: 5 * MB },
	'image/webp': { kinds: ['sticker'], max: 500 * 1024 },
	'video/mp4': { kinds: ['video', 'document'], max: 16 * MB },
	'video/3gpp': { kinds: ['video', 'document'], max: 16 * MB }
};

/** The largest upload of any type. */
export const LARGEST_MEDIA = 100 * MB;

/** `audio/ogg; codecs=opus` → `audio/ogg` */
export const bareType = (mimeType: string): string => (mimeType.split(';')[0] ?? '').trim().toLowerCase();

/** Why an upload is refused, or null when it is fine. */
export function refuseUpload(mimeType: string, size: number): GraphError | null {
	const format = formats[bareType(mimeType)];
	if (!format) {
		return badParameter(
			`Param file must be a file with one of the following types: ${Object.keys(formats).join(', ')}. Received file of type '${mimeType}'.`
		);
	}
	if (size === 0) return badParameter('Param file must not be empty.');
	if (size > format.max) {
		return documented(131053, `Media file size too big. Max file size for ${bareType(mimeType)}: ${format.max} bytes.`);
	}
	return null;
}

/** Whether media of this type may be sent as this kind; a wrong pair fails after it was accepted, with 131053. */
export function fits(kind: string, mimeType: string): boolean {
	return formats[bareType(mimeType)]?.kinds.includes(kind as MediaKind) ?? false;
}
