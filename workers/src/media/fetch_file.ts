import { LARGEST_MEDIA } from '@prosa/core/media/media.ts';
import { MEDIA_KINDS } from '@prosa/core/whatsapp/content.ts';
import { graphRule } from '@prosa/core/whatsapp/graph_errors.ts';
import path from 'node:path';
import { z } from 'zod';
import { askAddress, type Asked, type GraphAddress } from './ask.ts';
import { download, reasonOf, type Downloaded } from './download.ts';
import { withFolder } from './folder.ts';
import { keepFile, type KeepDeps } from './keep.ts';
import { failed, retry, type MediaOutcome } from './outcome.ts';
import { hashOf } from './receive.ts';

const text = z
	.string()
	.nullish()
	.transform((value) => value ?? null);

/** One file to fetch, as `private.claim_media` gives it. */
export const WantedFile = z.object({
	message_id: z.guid(),
	tenant_id: z.guid(),
	created_at: z.string(),
	/** Which try it is; 1 is the first. */
	attempt: z.number().int(),
	/** Meta has forgotten its id by now. */
	expired: z.boolean(),
	kind: z.enum(MEDIA_KINDS),
	content: z.object({ media_id: text, url: text, mime_type: text, sha256: text, filename: text })
});
export type WantedFile = z.infer<typeof WantedFile>;

export interface FetchDeps extends KeepDeps {
	graph: GraphAddress;
	/** Bytes. */
	largest?: number;
}

export interface Access {
	phone_number_id: string;
	token: string;
}

/** Addresses asked for within one try: the first, and two more where one dies under us or brings the wrong bytes. */
const ADDRESSES = 3;
/** Half an hour of tries: long enough for a picture that its own server has not got yet. */
const TRIES_FOR_GONE = 6;
const TRIES_FOR_CORRUPT = 4;

/** Fetches one file and keeps it. Throws only when `signal` aborts; everything else is an outcome. */
export async function fetchFile(
	wanted: WantedFile,
	access: Access,
	deps: FetchDeps,
	signal: AbortSignal
): Promise<MediaOutcome> {
	try {
		const outcome = await withFolder((folder) => attempt(wanted, access, deps, path.join(folder, 'file'), signal));
		return outcome.result === 'retry' && wanted.expired
			? failed('media_expired', `Not fetched within seven days: ${outcome.reason}`)
			: outcome;
	} catch (error) {
		signal.throwIfAborted();
		// Storage, the scanner or the disk: what Meta has is still there.
		return retry(reasonOf(error));
	}
}

async function attempt(
	wanted: WantedFile,
	access: Access,
	deps: FetchDeps,
	file: string,
	signal: AbortSignal
): Promise<MediaOutcome> {
	const { content } = wanted;
	const limit = deps.largest ?? LARGEST_MEDIA;
	let fault = retry('no address was good');
	for (let address = 0; address < ADDRESSES; address++) {
		const asked = await ask(wanted, access, deps, signal);
		if (asked.type === 'unreached') return retry(asked.reason);
		if (asked.type === 'refused') return refusal(asked, wanted);
		if (asked.size !== null && asked.size > limit) return failed('media_too_large', `${asked.size} bytes`);

		const got = await download({ url: asked.url, graph: deps.graph.url, token: access.token, file, limit, signal });
		if (got.type === 'unreached') return retry(got.reason);
		if (got.type === 'too_large') return failed('media_too_large', `More than ${limit} bytes`);
		if (got.type === 'not_allowed') return failed('media_address_refused', `${got.host} is none of Meta's`);
		if (got.type === 'expired') {
			fault = gone(wanted, `The address answered ${got.status}`);
			continue;
		}
		const wrong = mismatch(got, asked, content.sha256);
		if (wrong) {
			fault = wanted.attempt >= TRIES_FOR_CORRUPT ? failed('media_corrupt', wrong) : retry(wrong);
			continue;
		}
		// The webhook's word on the type goes before the shelf's, which knows less.
		const mime_type = content.mime_type ?? asked.mime_type ?? got.mime_type;
		const { tenant_id, message_id, kind } = wanted;
		const arrived = { ...got, file, tenant_id, message_id, kind, mime_type, filename: content.filename };
		return keepFile(arrived, deps, signal);
	}
	return fault;
}

/** Where the file is: a media id always finds a fresh address; without one there is only what the webhook said. */
function ask(
	{ content }: WantedFile,
	access: Access,
	{ graph }: FetchDeps,
	signal: AbortSignal
): Promise<Asked> | Asked {
	if (content.media_id) return askAddress(graph, { id: content.media_id, ...access }, signal);
	return { type: 'address', url: content.url ?? '', mime_type: null, sha256: null, size: null };
}

function refusal({ status, error }: Extract<Asked, { type: 'refused' }>, wanted: WantedFile): MediaOutcome {
	const { action } = graphRule(error.code, status);
	if (action === 'hold') return { result: 'hold', error };
	return action === 'fail' ? gone(wanted, `${error.code}: ${error.title}`) : retry(`${error.code}: ${error.title}`);
}

/** What is not there may come (a webhook can be faster than the file), but not for ever. */
function gone({ attempt, expired }: WantedFile, reason: string): MediaOutcome {
	return attempt >= TRIES_FOR_GONE && !expired ? failed('media_gone', reason) : retry(reason);
}

function mismatch(
	got: Extract<Downloaded, { type: 'done' }>,
	asked: Extract<Asked, { type: 'address' }>,
	announced: string | null
): string | null {
	if (asked.size !== null && asked.size !== got.size) return `${got.size} bytes came, not ${asked.size}`;
	const hashes = [asked.sha256, hashOf(announced)].filter((hash) => hash !== null);
	return hashes.some((hash) => hash !== got.sha256) ? 'Its SHA-256 is not the one that was announced' : null;
}
