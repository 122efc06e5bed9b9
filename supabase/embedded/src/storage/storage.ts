import type { IncomingMessage } from 'node:http';
import type { Jwt } from '../jwt.ts';
import type { Service } from '../service.ts';
import { createCall, type StorageContext } from './call.ts';
import { connect } from './database.ts';
import { sendError, toStorageError } from './errors.ts';
import { createFiles } from './files.ts';
import { findRoute } from './routes.ts';

export interface StorageOptions {
	/** Connection of supabase_storage_admin. */
	url: string;
	jwt: Jwt;
	/** Where the files lie, at `<bucket>/<object id>/<version>`. */
	filesDir: string;
	/** The gateway's address; the addresses that Storage signs are relative to it. */
	apiUrl: string;
	/** Bytes an object may have; a bucket may allow less. 50 MiB as on a new project. */
	fileSizeLimit?: number;
	/** Told about failures that are not the caller's. */
	log?: (error: unknown) => void;
}

const DEFAULT_LIMIT = 50 * 1024 * 1024;
/** How long the rest of a refused upload is still read, so that the sender gets to see the refusal. */
const DRAIN_MS = 10_000;

/** `/storage/v1`: Storage's wire over schema storage, with files on disk and policies asked as the caller. */
export async function createStorage(options: StorageOptions): Promise<Service> {
	const { log = (error) => console.error('storage:', error) } = options;
	const context: StorageContext = {
		sql: connect(options.url),
		jwt: options.jwt,
		files: createFiles(options.filesDir),
		fileSizeLimit: options.fileSizeLimit ?? DEFAULT_LIMIT
	};
	await context.sql`select 1 from storage.objects limit 1`;
	await context.files.sweep();

	return {
		async handle(request, response, requestContext) {
			try {
				const { handler, bucket, name } = findRoute(request.method ?? 'GET', requestContext.url.pathname);
				await handler(context, createCall(request, response, requestContext, bucket, name));
			} catch (error) {
				const answer = toStorageError(error);
				if (answer.status === 500) log(error);
				if (response.headersSent) response.destroy();
				else sendError(response, answer);
			}
			drain(request);
		},
		close: () => context.sql.end({ timeout: 5 })
	};
}

function drain(request: IncomingMessage): void {
	if (request.readableEnded || request.destroyed) return;
	request.removeAllListeners('readable'); // an iterator that was left halfway would keep it from flowing
	request.resume();
	const timer = setTimeout(() => request.destroy(), DRAIN_MS);
	timer.unref();
	request.once('close', () => clearTimeout(timer));
	request.once('end', () => clearTimeout(timer));
}
