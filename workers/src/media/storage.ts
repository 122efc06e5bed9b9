import { MEDIA_BUCKET } from '@prosa/core/media/media.ts';
import { StorageApiError, StorageClient } from '@supabase/storage-js';
import { openAsBlob } from 'node:fs';
import { receive, type Received } from './receive.ts';

/** The bucket's files, as the service: past every policy, so only for paths that the database gave. */
export interface MediaStorage {
	/** Puts a file at a path; what stood there is replaced. */
	put(path: string, file: string, mimeType: string): Promise<void>;
	/** Fetches a file to disk; null when there is none. */
	get(path: string, file: string, limit: number, signal: AbortSignal): Promise<Received | null>;
	remove(paths: readonly string[]): Promise<void>;
}

export interface StorageOptions {
	/** The project's address. */
	url: string;
	serviceRoleKey: string;
}

const DAY_S = 86_400;

/** The bucket `media` through the Storage API. Bodies are streamed both ways, never held. */
export function createMediaStorage({ url, serviceRoleKey }: StorageOptions): MediaStorage {
	const client = new StorageClient(`${url.replace(/\/+$/, '')}/storage/v1`, {
		apikey: serviceRoleKey,
		authorization: `Bearer ${serviceRoleKey}`
	});
	const bucket = client.from(MEDIA_BUCKET);
	return {
		async put(path, file, mimeType) {
			const body = await openAsBlob(file, { type: mimeType });
			// A path's file never changes: browsers may keep it as long as they please.
			const { error } = await bucket.upload(path, body, {
				contentType: mimeType,
				cacheControl: String(365 * DAY_S),
				upsert: true
			});
			if (error) throw error;
		},
		async get(path, file, limit, signal) {
			const { data, error } = await bucket.download(path, {}, { signal }).asStream();
			if (error) {
				if (error instanceof StorageApiError && (error.status === 404 || error.statusCode === '404')) return null;
				throw error;
			}
			return receive(data as ReadableStream<Uint8Array>, file, limit);
		},
		async remove(paths) {
			const { error } = await bucket.remove([...paths]);
			if (error) throw error;
		}
	};
}
