import type { MediaErrorCode, MessageMedia } from '@prosa/core/media/media.ts';

/** What `private.settle_media` is told. */
export type MediaOutcome =
	| { result: 'stored'; media: Partial<MessageMedia> }
	| { result: 'failed' | 'refused'; error: { code: MediaErrorCode; title: string } }
	/** `reason` is for the log: the database already knows when it is tried again. */
	| { result: 'retry'; reason: string }
	/** The channel's token or account: it needs attention, and its files wait. */
	| { result: 'hold'; error: { code: number | string; title: string; details: string | null } };

export const failed = (code: MediaErrorCode, title: string): MediaOutcome => ({
	result: 'failed',
	error: { code, title }
});
export const refused = (code: MediaErrorCode, title: string): MediaOutcome => ({
	result: 'refused',
	error: { code, title }
});
export const retry = (reason: string): MediaOutcome => ({ result: 'retry', reason });
