import { LARGEST_MEDIA } from '@prosa/core/media/media.ts';
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { readAnswer, type GraphError } from '../graph/client.ts';
import type { GraphAddress } from './ask.ts';
import { reasonOf } from './download.ts';
import { withFolder } from './folder.ts';
import { judge, UNKNOWN } from './judge.ts';
import type { MediaStorage } from './storage.ts';
import { parseJson } from '../graph/parse_json.ts';

/**
 * What came of handing a file to Meta. `refused` and `unreached` are as a send's: `settle` knows what to do with
 * either, and repeating an upload says nothing twice. `missing`: there is no such file; no use trying again.
 */
export type UploadAnswer =
	| { type: 'uploaded'; media_id: string }
	| { type: 'refused'; status: number; error: GraphError }
	| { type: 'unreached'; reason: string }
	| { type: 'missing' };

export interface Upload {
	channelId: string;
	phoneNumberId: string;
	token: string;
	/** In bucket `media`. */
	path: string;
	/** Null: what the bytes say. */
	mimeType: string | null;
	filename: string | null;
}

export interface UploadDeps {
	db: Database;
	storage: Pick<MediaStorage, 'get'>;
	graph: GraphAddress;
}

const Accepted = z.object({ id: z.union([z.string().min(1), z.number().transform(String)]) });

/**
 * Gives a stored file to a channel's number and returns Meta's id for it; a file that the number has uploaded within
 * 29 days, from whatever path, is not uploaded again. Throws when storage or database fail, or `signal` aborts.
 */
export async function uploadMedia(upload: Upload, deps: UploadDeps, signal: AbortSignal): Promise<UploadAnswer> {
	const known = await knownUpload(deps.db, upload, null);
	if (known) return { type: 'uploaded', media_id: known };

	return withFolder(async (folder): Promise<UploadAnswer> => {
		const file = path.join(folder, 'file');
		const received = await deps.storage.get(upload.path, file, LARGEST_MEDIA, signal);
		if (!received) return { type: 'missing' };
		const { sha256 } = received;
		const same = await knownUpload(deps.db, upload, sha256);
		if (same) return { type: 'uploaded', media_id: same };

		const mimeType = upload.mimeType ?? (await typeOf(file));
		const answer = await post({ ...upload, mimeType }, file, deps.graph, signal);
		if (answer.type === 'uploaded') {
			await answered(
				deps.db`select private.remember_upload(${upload.channelId}, ${upload.path}, ${sha256}, ${answer.media_id})`
			);
		}
		return answer;
	});
}

async function knownUpload(db: Database, { channelId, path }: Upload, sha256: string | null): Promise<string | null> {
	const [row] = await answered(
		db<{ id: string | null }[]>`select private.known_upload(${channelId}, ${path}, ${sha256}) as id`
	);
	return row?.id ?? null;
}

async function typeOf(file: string): Promise<string> {
	const verdict = await judge(file, { kind: 'document', mime_type: null, filename: null });
	return verdict.type === 'kept' ? verdict.mime_type : UNKNOWN;
}

/** `POST /<phone number id>/media`, the file streamed from disk. */
async function post(
	{ phoneNumberId, token, mimeType, filename, path }: Upload & { mimeType: string },
	file: string,
	graph: GraphAddress,
	signal: AbortSignal
): Promise<UploadAnswer> {
	const form = new FormData();
	form.set('messaging_product', 'whatsapp');
	form.set('type', mimeType);
	form.set('file', await openAsBlob(file, { type: mimeType }), filename ?? path.split('/').at(-1) ?? 'file');
	const base = graph.url.href.replace(/\/+$/, '');
	try {
		const response = await fetch(`${base}/${graph.version}/${encodeURIComponent(phoneNumberId)}/media`, {
			method: 'POST',
			headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
			body: form,
			signal
		});
		const text = await response.text();
		const accepted = response.ok ? Accepted.safeParse(parseJson(text)).data : undefined;
		if (accepted) return { type: 'uploaded', media_id: accepted.id };
		const refused = readAnswer(response.status, text);
		return refused.type === 'refused' ? refused : { type: 'unreached', reason: `HTTP ${response.status}` };
	} catch (error) {
		signal.throwIfAborted();
		return { type: 'unreached', reason: reasonOf(error) };
	}
}
