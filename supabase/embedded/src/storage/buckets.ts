import { z } from 'zod';
import { sendJson, type Call, type StorageContext } from './call.ts';
import { asCaller, type Db } from './database.ts';
import { invalidRequest, noSuchBucket, StorageError, tooLarge } from './errors.ts';
import { checkBucketName } from './names.ts';
import { ownerOf } from './objects.ts';

export interface Bucket {
	id: string;
	name: string;
	owner: string | null;
	public: boolean;
	type: string;
	file_size_limit: string | number | null;
	allowed_mime_types: string[] | null;
	created_at: Date;
	updated_at: Date;
}

const size = z.union([z.number().int().nonnegative(), z.string()]).nullish();
const mimeTypes = z.array(z.string()).nullish();
const createBody = z.object({
	id: z.string().optional(),
	name: z.string(),
	public: z.boolean().nullish(),
	file_size_limit: size,
	allowed_mime_types: mimeTypes
});
const updateBody = z.object({ public: z.boolean().optional(), file_size_limit: size, allowed_mime_types: mimeTypes });

/** `GET /bucket` */
export async function listBuckets(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.bucket.list');
	const { query } = call;
	const column = query.get('sortColumn') ?? 'id';
	if (!['id', 'name', 'created_at', 'updated_at'].includes(column))
		throw invalidRequest('querystring/sortColumn must be equal to one of the allowed values');
	const limit = readCount(query.get('limit'));
	const buckets = await asCaller(context.sql, scope, (tx) => {
		const search = query.get('search');
		return tx<Bucket[]>`
			select * from storage.buckets
			where ${search ? tx`name ilike ${`%${search.replace(/[\\%_]/g, '\\$&')}%`}` : tx`true`}
			order by ${tx(column)} ${query.get('sortOrder') === 'desc' ? tx`desc` : tx`asc`}
			limit ${limit}
			offset ${readCount(query.get('offset')) ?? 0}`;
	});
	sendJson(call.response, buckets.map(view));
}

/** `GET /bucket/:id` */
export async function showBucket(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.bucket.get');
	sendJson(call.response, view(await asCaller(context.sql, scope, (tx) => findBucket(tx, call.bucket))));
}

/** `POST /bucket` */
export async function addBucket(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.bucket.create');
	const body = await call.json(createBody);
	const id = checkBucketName(body.id || body.name);
	const name = checkBucketName(body.name);
	const owner = ownerOf(scope);
	const limit = readSize(body.file_size_limit, context.fileSizeLimit) ?? null;
	await asCaller(
		context.sql,
		scope,
		(tx) => tx`
			insert into storage.buckets (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types)
			values (${id}, ${name}, ${owner.uuid}, ${owner.text}, ${body.public ?? false}, ${limit}, ${body.allowed_mime_types ?? null})`
	);
	sendJson(call.response, { name: id });
}

/** `PUT /bucket/:id`: changes what is given; null lifts a limit. */
export async function changeBucket(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.bucket.update');
	const body = await call.json(updateBody);
	const limit = readSize(body.file_size_limit, context.fileSizeLimit);
	await asCaller(context.sql, scope, async (tx) => {
		const bucket = await findBucket(tx, call.bucket);
		const updated = await tx`
			update storage.buckets
			set public = ${body.public ?? bucket.public},
				file_size_limit = ${limit === undefined ? bucket.file_size_limit : limit},
				allowed_mime_types = ${body.allowed_mime_types === undefined ? bucket.allowed_mime_types : body.allowed_mime_types},
				updated_at = now()
			where id = ${bucket.id}
			returning id`;
		if (updated.length === 0) throw noSuchBucket();
	});
	sendJson(call.response, { message: 'Successfully updated' });
}

/** `POST /bucket/:id/empty`: takes out every object the caller may delete. */
export async function emptyBucket(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.bucket.empty');
	const gone = await asCaller(context.sql, scope, async (tx) => {
		const bucket = await findBucket(tx, call.bucket);
		return tx<{ id: string; version: string | null }[]>`
			delete from storage.objects where bucket_id = ${bucket.id} returning id, version`;
	});
	for (const { id, version } of gone) if (version) await context.files.remove({ bucket: call.bucket, id, version });
	sendJson(call.response, { message: 'Successfully emptied' });
}

/** `DELETE /bucket/:id`: only an empty one. */
export async function removeBucket(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.bucket.delete');
	await asCaller(context.sql, scope, async (tx) => {
		const bucket = await findBucket(tx, call.bucket);
		const deleted = await tx`delete from storage.buckets where id = ${bucket.id} returning id`.catch(
			(error: { code?: string }) => {
				// The objects' foreign key sees those that the caller may not.
				if (error.code === '23503')
					throw new StorageError(
						409,
						'ResourceNotEmpty',
						'The bucket you tried to delete is not empty',
						'InvalidRequest'
					);
				throw error;
			}
		);
		if (deleted.length === 0) throw noSuchBucket();
	});
	sendJson(call.response, { message: 'Successfully deleted' });
}

/** The bucket as the transaction's role sees it. */
export async function findBucket(tx: Db, id: string): Promise<Bucket> {
	const [bucket] = await tx<Bucket[]>`select * from storage.buckets where id = ${id}`;
	if (!bucket) throw noSuchBucket();
	return bucket;
}

function view(bucket: Bucket) {
	return { ...bucket, file_size_limit: bucket.file_size_limit === null ? null : Number(bucket.file_size_limit) };
}

const UNITS: Record<string, number> = { gb: 1e9, mb: 1e6, kb: 1e3, b: 1 };

/** A size given as bytes or as `20MB`; undefined when unsaid, null when lifted, an error above the project's own limit. */
export function readSize(size: string | number | null | undefined, most: number): number | null | undefined {
	if (size === undefined || size === null) return size;
	const [, amount, unit] = /^(\d+(?:\.\d+)?)(gb|mb|kb|b)?$/i.exec(String(size)) ?? [];
	if (amount === undefined) throw invalidRequest('Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B');
	const bytes = Math.floor(Number(amount) * (UNITS[(unit ?? 'b').toLowerCase()] ?? 1));
	if (bytes > most) throw tooLarge();
	return bytes;
}

function readCount(text: string | null): number | null {
	if (text === null || text === '') return null;
	if (!/^\d{1,9}$/.test(text)) throw invalidRequest('querystring/limit must be integer');
	return Number(text);
}
