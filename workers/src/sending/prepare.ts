import type { OutgoingContent } from '@prosa/core/whatsapp/build.ts';
import { uploadsOf, withMediaIds } from '@prosa/core/whatsapp/outgoing/files.ts';
import { settle, type Outcome } from '../graph/outcome.ts';
import type { Upload, UploadAnswer } from '../media/upload.ts';
import type { Claim } from './claim.ts';

/** What content may need before it can be sent. */
export interface PrepareDeps {
	/** The channel's access token, in the clear. */
	token: string;
	/** Aborts when the worker stops or the time for preparing is over. */
	signal: AbortSignal;
	/** Gives a stored file to Meta; null where this worker has no Storage. */
	upload: Uploader | null;
}

export type Uploader = (upload: Upload, signal: AbortSignal) => Promise<UploadAnswer>;

/** Thrown where content can't be made ready: nothing has been sent, and this is what becomes of the message. */
export class NotPrepared extends Error {
	override name = 'NotPrepared';
	readonly outcome: Exclude<Outcome, { result: 'accepted' }>;
	constructor(outcome: NotPrepared['outcome']) {
		super(outcome.error.title);
		this.outcome = outcome;
	}
}

type Claimed = Pick<Claim, 'attempt' | 'channel_id' | 'phone_number_id' | 'kind' | 'content'>;

/**
 * The content of a message as `buildMessage` takes it, made from what is stored: Meta's ids stand in the place of files
 * of ours. Safe to repeat: it runs before the call to Meta, once a try, and a file is uploaded once.
 */
export async function prepareContent(claim: Claimed, deps: PrepareDeps): Promise<OutgoingContent> {
	const content = { ...claim.content, kind: claim.kind } as OutgoingContent;
	const uploads = uploadsOf(content);
	if (uploads.length === 0) return content;
	if (!deps.upload) throw new NotPrepared(NO_STORAGE);

	const ids = new Map<string, string>();
	for (const { path, mime_type, filename } of uploads) {
		const upload: Upload = {
			channelId: claim.channel_id,
			phoneNumberId: claim.phone_number_id,
			token: deps.token,
			path,
			mimeType: mime_type,
			filename
		};
		const answer = await deps.upload(upload, deps.signal);
		if (answer.type === 'missing') throw new NotPrepared(MISSING);
		if (answer.type !== 'uploaded') throw new NotPrepared(unsent(settle(answer, claim.attempt)));
		ids.set(path, answer.media_id);
	}
	return withMediaIds(content, ids);
}

/** Set up anew, a worker with Storage will take it. */
const NO_STORAGE: NotPrepared['outcome'] = {
	result: 'retry',
	error: { code: 'storage_missing', title: 'This worker was given no Storage to read files from', details: null },
	after_seconds: 60
};
const MISSING: NotPrepared['outcome'] = {
	result: 'failed',
	error: { code: 'media_not_found', title: 'The file is not in storage any more', details: null }
};

/** An upload that was refused or never got there leaves the message as it is: nothing of it was sent. */
function unsent(outcome: Outcome): NotPrepared['outcome'] {
	if (outcome.result === 'accepted') throw new Error('an upload accepts no message');
	return outcome;
}
