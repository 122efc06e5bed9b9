/**
 * - pending: named by its sender and being fetched, which takes seconds. Draw a placeholder.
 * - stored: lies in bucket `media` at `path`.
 * - failed: could not be had; `error` says why. It will not come any more.
 * - refused: was had and not kept, because it was dangerous; `error` says why.
 */
export const MEDIA_STATUSES = ['pending', 'stored', 'failed', 'refused'] as const;
export type MediaStatus = (typeof MEDIA_STATUSES)[number];

/** The private bucket that holds every file. Its policies follow the conversation of the file's message. */
export const MEDIA_BUCKET = 'media';
/** Bytes. What the bucket takes, and the largest that WhatsApp delivers (a document). */
export const LARGEST_MEDIA = 100 * 1024 * 1024;
/** Heights a voice note is drawn with, each 0 to 100, the loudest being 100. */
export const WAVEFORM_LENGTH = 64;
/** The longer side of a thumbnail, in pixels. Thumbnails are WebP. */
export const THUMBNAIL_SIZE = 480;

/** Why a file is not there. */
export const MEDIA_ERRORS = [
	'media_expired',
	'media_gone',
	'media_too_large',
	'media_corrupt',
	'media_address_refused',
	'media_type_mismatch',
	'media_infected',
	'media_unavailable'
] as const;
export type MediaErrorCode = (typeof MEDIA_ERRORS)[number];

/**
 * `messages.media`: where a message's file stands and what is known of it, the same for both directions. It is null
 * where a message has no file of ours (text, or media sent by link). Everything in it but `status` may be null: not
 * known, or not known yet.
 *
 * To show it: sign `thumbnail ?? path` (bucket `media`), never build an address by hand; trust `mime_type`, which is
 * what the bytes are, over what `messages.content` claims; a type that fits no bubble is an attachment. `width` and
 * `height` are as it is to be looked at (rotation applied), so a bubble can keep its room before the picture comes.
 * Caption, voice and the like stay in `messages.content`. The row changes, and is broadcast, when the file has come.
 */
export interface MessageMedia {
	status: MediaStatus;
	path: string | null;
	thumbnail: string | null;
	mime_type: string | null;
	size: number | null;
	width: number | null;
	height: number | null;
	duration_seconds: number | null;
	waveform: number[] | null;
	/** Of the bytes, in hex. */
	sha256: string | null;
	filename: string | null;
	animated: boolean | null;
	/** `code` is one of MEDIA_ERRORS, from a newer version perhaps another word; `title` is for developers. */
	error: { code: string; title: string } | null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isLength = (value: unknown) => typeof value === 'number' && value >= 0;
const isText = (value: unknown) => typeof value === 'string';
const isWaveform = (value: unknown) =>
	Array.isArray(value) && value.length <= WAVEFORM_LENGTH && value.every((height) => height >= 0 && height <= 100);
const isError = (value: unknown) => isObject(value) && isText(value.code) && isText(value.title);

const FITS: Record<Exclude<keyof MessageMedia, 'status'>, (value: unknown) => boolean> = {
	path: isText,
	thumbnail: isText,
	mime_type: isText,
	size: isCount,
	width: isCount,
	height: isCount,
	duration_seconds: isLength,
	waveform: isWaveform,
	sha256: isText,
	filename: isText,
	animated: (value) => typeof value === 'boolean',
	error: isError
};

/**
 * What stands in `messages.media`; null where there is none or a newer version wrote what this one can't read. Read by
 * hand: it is in every thread, where a schema library would weigh more than the thread.
 */
export function readMedia(value: unknown): MessageMedia | null {
	if (!isObject(value)) return null;
	const status = MEDIA_STATUSES.find((known) => known === value.status);
	if (status === undefined) return null;
	const read: Record<string, unknown> = { status };
	for (const [key, fits] of Object.entries(FITS)) {
		const found = value[key] ?? null;
		if (found !== null && !fits(found)) return null;
		read[key] = found;
	}
	return read as unknown as MessageMedia;
}
