import type { MediaKind } from '../content.ts';
import { bareType } from './check.ts';
import type { Fault, FaultCode } from './faults.ts';
import { address, field, object, text, word, type Field, type ObjectRule, type Rule } from './rule.ts';

const KB = 1_024;
const MB = 1_024 * KB;

/** Captions up to 1,024 characters: …/whatsapp/messages/image-messages, video-messages, document-messages. */
export const CAPTION_MAX = 1_024;
/** …/whatsapp/on-premises/reference/messages: longer names are cut off by the app; 240 is what Meta stores. */
export const FILENAME_MAX = 240;
/** A still sticker; an animated one may have STICKER's size below: …/whatsapp/messages/sticker-messages */
export const STILL_STICKER_MAX = 100 * KB;

const DOCUMENTS = [
	'text/plain',
	'application/pdf',
	'application/msword',
	'application/vnd.ms-excel',
	'application/vnd.ms-powerpoint',
	'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	'application/vnd.openxmlformats-officedocument.presentationml.presentation'
];
const IMAGES = ['image/jpeg', 'image/png'];
const VIDEOS = ['video/mp4', 'video/3gpp'];
const AUDIOS = ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'];

/**
 * What Meta takes of each kind, by type and size: "Supported media types" in
 * developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media. Pictures and films
 * may go as documents too.
 */
export const MEDIA_LIMITS: Record<MediaKind, { types: string[]; max: number }> = {
	image: { types: IMAGES, max: 5 * MB },
	video: { types: VIDEOS, max: 16 * MB },
	audio: { types: AUDIOS, max: 16 * MB },
	document: { types: [...DOCUMENTS, ...IMAGES, ...VIDEOS], max: 100 * MB },
	sticker: { types: ['image/webp'], max: 500 * KB }
};

/** A file uploaded to our storage (`path`) or an address Meta fetches (`link`): exactly one. */
export interface FileSource {
	/** `<tenant>/uploads/<user>/<uuid>/<file>` in the bucket `media`. */
	path?: string | null | undefined;
	link?: string | null | undefined;
	mime_type?: string | null | undefined;
	/** In bytes. */
	size?: number | null | undefined;
	filename?: string | null | undefined;
}

export interface OutgoingMedia extends FileSource {
	kind: MediaKind;
	/** Meta's own id, which only the worker sets, once it has uploaded the file there. */
	media_id?: string | null | undefined;
	caption?: string | null | undefined;
	/** Recorded in the app: shown with a waveform, and played. Ogg with Opus alone. */
	voice?: boolean | null | undefined;
	/** A moving sticker may be larger. */
	animated?: boolean | null | undefined;
}

/** Where a file comes from and what is known of it: in messages, in headers and on cards. */
export function fileFields(kind: MediaKind): Field[] {
	const { types, max } = MEDIA_LIMITS[kind];
	return [
		field('path', text(512, 'media_not_found', 'media_not_found')),
		field('link', address()),
		field('mime_type', { is: 'mime', of: types, fault: 'media_type_unsupported' }),
		field('size', { is: 'number', min: 1, max, whole: true, low: 'media_empty', high: 'media_too_large' })
	];
}

export const FILE_STRUCTURE = {
	exactly_one: { of: ['path', 'link'], none: 'media_missing', many: 'media_ambiguous' },
	needs: { with: 'path', fields: ['mime_type', 'size'], fault: 'field_missing' }
} satisfies Omit<ObjectRule, 'is' | 'names' | 'fields'>;

const caption = field('caption', text(CAPTION_MAX, 'caption_too_long'));
const filename = field('filename', text(FILENAME_MAX, 'filename_too_long'));

const stillSticker: Rule = {
	is: 'number',
	min: 1,
	max: STILL_STICKER_MAX,
	low: 'media_empty',
	high: 'media_too_large'
};
const voice: Rule = { is: 'mime', of: ['audio/ogg'], fault: 'media_type_unsupported' };

const mediaRule = (kind: MediaKind, more: Field[], also: ObjectRule['also'] = []): Rule =>
	object([field('kind', word(kind)), ...fileFields(kind), filename, ...more], {
		...FILE_STRUCTURE,
		...(also.length > 0 ? { also } : {})
	});

export const MEDIA_RULES: Record<MediaKind, Rule> = {
	image: mediaRule('image', [caption]),
	video: mediaRule('video', [caption]),
	audio: mediaRule(
		'audio',
		[field('voice', { is: 'boolean' })],
		[{ when: 'voice', is: true, field: 'mime_type', rule: voice }]
	),
	document: mediaRule('document', [caption]),
	sticker: mediaRule(
		'sticker',
		[field('animated', { is: 'boolean' })],
		[{ when: 'animated', is: false, field: 'size', rule: stillSticker }]
	)
};

/** Names browsers and systems give to types Meta takes under another. */
const ALIASES: Record<string, string> = {
	'image/jpg': 'image/jpeg',
	'image/pjpeg': 'image/jpeg',
	'audio/x-m4a': 'audio/mp4',
	'audio/m4a': 'audio/mp4',
	'audio/mp3': 'audio/mpeg',
	'audio/x-aac': 'audio/aac',
	'audio/opus': 'audio/ogg',
	'application/ogg': 'audio/ogg',
	'video/3gp': 'video/3gpp'
};

/** The name Meta knows a type by: `audio/x-m4a` is `audio/mp4`. To be used where a file is uploaded. */
export function metaType(mimeType: string): string {
	const bare = bareType(mimeType);
	return ALIASES[bare] ?? bare;
}

/** As what a file of this type is best sent; null where WhatsApp takes it as nothing. */
export function kindOf(mimeType: string): MediaKind | null {
	const type = metaType(mimeType);
	const kinds: MediaKind[] = ['image', 'video', 'audio', 'sticker', 'document'];
	return kinds.find((kind) => MEDIA_LIMITS[kind].types.includes(type)) ?? null;
}

/** Whether a file may be sent as `kind`, asked before it is uploaded. */
export function checkFile(kind: MediaKind, file: { type: string; size: number }, animated = false): Fault | null {
	const { types, max } = MEDIA_LIMITS[kind];
	const limit = kind === 'sticker' && !animated ? STILL_STICKER_MAX : max;
	const fault = (code: FaultCode, more: Partial<Fault> = {}): Fault => ({ code, path: ['path'], ...more });
	if (!types.includes(metaType(file.type))) return fault('media_type_unsupported');
	if (file.size === 0) return fault('media_empty');
	return file.size > limit ? fault('media_too_large', { limit }) : null;
}
