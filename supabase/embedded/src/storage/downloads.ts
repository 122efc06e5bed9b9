import { pipeline } from 'node:stream/promises';
import { findBucket } from './buckets.ts';
import { sendJson, type Call, type StorageContext } from './call.ts';
import { asCaller, asService, type Scope } from './database.ts';
import { noSuchBucket, StorageError } from './errors.ts';
import { checkKey } from './names.ts';
import { fileOf, findObject, type ObjectRow } from './objects.ts';
import { readRange } from './range.ts';
import { verifyDownload } from './signing.ts';

/** `GET|HEAD /object/public/:bucket/:name`: what lies in a public bucket, for everybody. */
export async function downloadPublic(context: StorageContext, call: Call): Promise<void> {
	await send(context, call, () => findPublic(context, call, 'storage.object.get_public'));
}

/** `GET|HEAD /object/authenticated/:bucket/:name` */
export async function downloadPrivate(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.get_authenticated');
	await send(context, call, () => find(context, call, scope));
}

/** `GET|HEAD /object/:bucket/:name`: public buckets are open, the rest asks the policies. */
export async function download(context: StorageContext, call: Call): Promise<void> {
	await send(context, call, () => findOpenOrOwn(context, call, 'storage.object.get_authenticated'));
}

/** `GET|HEAD /object/sign/:bucket/:name?token=…` */
export async function downloadSigned(context: StorageContext, call: Call): Promise<void> {
	const expires = await verifyDownload(context, call.query.get('token'), call.bucket, checkKey(call.name));
	const scope = asService(call.nobody('storage.object.get_signed'));
	await send(context, call, () => find(context, call, scope), new Date(expires * 1000));
}

/** `GET /object/info/[authenticated/]:bucket/:name` */
export async function info(context: StorageContext, call: Call): Promise<void> {
	sendInfo(call, await findOpenOrOwn(context, call, 'storage.object.info_authenticated'));
}

/** `GET /object/info/public/:bucket/:name` */
export async function infoPublic(context: StorageContext, call: Call): Promise<void> {
	sendInfo(call, await findPublic(context, call, 'storage.object.info_public'));
}

function sendInfo({ response }: Call, object: ObjectRow): void {
	const { metadata } = object;
	sendJson(response, {
		id: object.id,
		name: object.name,
		version: object.version,
		bucket_id: object.bucket_id,
		size: metadata?.size ?? null,
		content_type: metadata?.mimetype ?? null,
		cache_control: metadata?.cacheControl ?? null,
		content_encoding: metadata?.contentEncoding ?? null,
		etag: metadata?.eTag ?? null,
		metadata: object.user_metadata,
		last_modified: metadata?.lastModified ?? object.updated_at,
		created_at: object.created_at
	});
}

function find(context: StorageContext, call: Call, scope: Scope): Promise<ObjectRow> {
	return asCaller(context.sql, scope, (tx) => findObject(tx, call.bucket, checkKey(call.name)));
}

async function findPublic(context: StorageContext, call: Call, operation: string): Promise<ObjectRow> {
	return asCaller(context.sql, asService(call.nobody(operation)), async (tx) => {
		const bucket = await findBucket(tx, call.bucket);
		if (!bucket.public) throw noSuchBucket();
		return findObject(tx, bucket.id, checkKey(call.name));
	});
}

async function findOpenOrOwn(context: StorageContext, call: Call, operation: string): Promise<ObjectRow> {
	const bucket = await asCaller(context.sql, asService(call.nobody(operation)), (tx) => findBucket(tx, call.bucket));
	if (bucket.public) return findPublic(context, call, operation);
	if (!call.hasToken) throw noSuchBucket();
	return find(context, call, await call.scope(operation));
}

/** The object with its file open. A file that was replaced between the two is looked for once more. */
async function openFile(context: StorageContext, look: () => Promise<ObjectRow>) {
	for (let attempt = 0; attempt < 2; attempt++) {
		const object = await look();
		const key = fileOf(object);
		const file = key && (await context.files.open(key));
		if (file) return { object, file };
	}
	throw new StorageError(404, 'NoSuchKey', 'The resource was not found', 'Not found');
}

/** Sends the object's file or the part of it that was asked for, as it is read. */
async function send(
	context: StorageContext,
	call: Call,
	look: () => Promise<ObjectRow>,
	expires?: Date
): Promise<void> {
	const { request, response } = call;
	const { object, file } = await openFile(context, look);
	try {
		const { size } = await file.stat();
		const eTag = object.metadata?.eTag ?? `"${object.version}"`;
		const modified = new Date(object.metadata?.lastModified ?? object.updated_at);
		setHeaders(call, object, { eTag, modified, expires });
		if (isUnchanged(call, eTag, modified)) {
			response.writeHead(304).end();
			return;
		}

		const ifRange = request.headers['if-range'];
		const wanted =
			ifRange === undefined || ifRange === eTag || ifRange === modified.toUTCString()
				? request.headers.range
				: undefined;
		const range = readRange(wanted, size);
		if (range === 'unsatisfiable') {
			response.setHeader('content-range', `bytes */${size}`);
			throw new StorageError(416, 'InvalidRange', 'The requested range cannot be satisfied.', 'invalid_range');
		}
		response.statusCode = range ? 206 : 200;
		if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${size}`);
		response.setHeader('content-length', range ? range.end - range.start + 1 : size);
		if (request.method === 'HEAD' || size === 0) {
			response.end();
			return;
		}
		// A reader who leaves halfway ends the reading, and nothing is to be told to anybody.
		await pipeline(file.createReadStream({ ...(range ?? {}), autoClose: false }), response).catch(() =>
			response.destroy()
		);
	} finally {
		await file.close();
	}
}

function setHeaders(
	call: Call,
	{ metadata }: ObjectRow,
	{ eTag, modified, expires }: { eTag: string; modified: Date; expires: Date | undefined }
): void {
	const { response } = call;
	const type = metadata?.mimetype ?? 'application/octet-stream';
	response.setHeader('accept-ranges', 'bytes');
	// As on a hosted project: nobody gets to serve pages from the API's own address.
	response.setHeader('content-type', type.includes('text/html') ? 'text/plain' : type);
	response.setHeader('x-content-type-options', 'nosniff');
	response.setHeader('etag', eTag);
	response.setHeader('last-modified', modified.toUTCString());
	if (metadata?.contentEncoding) response.setHeader('content-encoding', metadata.contentEncoding);
	if (expires) response.setHeader('expires', expires.toUTCString());
	else response.setHeader('cache-control', metadata?.cacheControl ?? 'no-cache');

	const as = call.query.get('download');
	if (as === '') response.setHeader('content-disposition', 'attachment;');
	else if (as !== null) {
		const name = encodeURIComponent(as.toWellFormed());
		response.setHeader('content-disposition', `attachment; filename=${name}; filename*=UTF-8''${name};`);
	}
}

/** Whether the caller's copy is still good (RFC 9110: the entity tag goes before the date). */
function isUnchanged({ request }: Call, eTag: string, modified: Date): boolean {
	const tags = request.headers['if-none-match'];
	if (tags !== undefined)
		return tags.trim() === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === eTag);
	const since = request.headers['if-modified-since'];
	return since !== undefined && Math.floor(modified.getTime() / 1000) * 1000 <= Date.parse(since);
}
