import type { MediaKind } from '@prosa/core/whatsapp/content.ts';
import path from 'node:path';
import { describeFile } from './describe.ts';
import { judge } from './judge.ts';
import { refused, type MediaOutcome } from './outcome.ts';
import type { Received } from './receive.ts';
import type { Scan } from './scan.ts';
import type { MediaStorage } from './storage.ts';

export interface KeepDeps {
	storage: Pick<MediaStorage, 'put'>;
	/** Absent: nothing is scanned. */
	scan: Scan | null;
}

/** A file that has come, on disk, and the message it is for. */
export interface Arrived extends Received {
	file: string;
	tenant_id: string;
	message_id: string;
	kind: MediaKind;
	mime_type: string | null;
	filename: string | null;
}

/**
 * Looks a file through and puts it, and its thumbnail, where its message's files lie. The paths follow from the message
 * and the bytes, so that doing it twice leaves the same two files.
 */
export async function keepFile(arrived: Arrived, deps: KeepDeps, signal: AbortSignal): Promise<MediaOutcome> {
	const { file, size, sha256, filename } = arrived;
	const verdict = await judge(file, arrived);
	if (verdict.type === 'refused') return refused('media_type_mismatch', verdict.title);
	if (deps.scan && (await deps.scan(file, signal)) === 'infected') {
		return refused('media_infected', 'The virus scanner refused it');
	}

	const folder = `${arrived.tenant_id}/${arrived.message_id}`;
	const drawing = path.join(path.dirname(file), 'thumbnail.webp');
	const { drawn, ...description } = await describeFile(file, verdict.mime_type, drawing);
	const stored = `${folder}/original.${verdict.extension}`;
	const thumbnail = drawn ? `${folder}/thumbnail.webp` : null;
	signal.throwIfAborted();
	if (thumbnail) await deps.storage.put(thumbnail, drawing, 'image/webp');
	await deps.storage.put(stored, file, verdict.mime_type);
	return {
		result: 'stored',
		media: { path: stored, thumbnail, mime_type: verdict.mime_type, size, sha256, filename, ...description }
	};
}
