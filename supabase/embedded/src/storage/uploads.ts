import { randomUUID } from 'node:crypto';
import { findBucket } from './buckets.ts';
import { sendJson, type Call, type StorageContext } from './call.ts';
import { asCaller, asService, json, probe, type Db, type Scope } from './database.ts';
import { StorageError } from './errors.ts';
import type { FileKey } from './files.ts';
import { fileOf, lockName, ownerOf, type FileMetadata, type ObjectRow } from './objects.ts';
import { checkIncoming, readIncoming } from './incoming.ts';
import { checkKey } from './names.ts';
import { verifyUpload } from './signing.ts';

/** What may stand at the name already: nothing, anything, or something the caller may change. */
type Mode = 'insert' | 'upsert' | 'replace';

interface Draft {
	readonly bucket: string;
	readonly name: string;
	readonly owner: { uuid: string | null; text: string | null };
	readonly version: string;
	readonly metadata: Partial<FileMetadata>;
	readonly userMetadata: Record<string, unknown> | undefined;
}

/** `POST /object/:bucket/:name` */
export async function upload(context: StorageContext, call: Call): Promise<void> {
	const mode = call.request.headers['x-upsert'] === 'true' ? 'upsert' : 'insert';
	const scope = await call.scope('storage.object.upload');
	await receive(context, call, scope, mode, ownerOf(scope));
}

/** `PUT /object/:bucket/:name` */
export async function update(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.upload_update');
	await receive(context, call, scope, 'replace', ownerOf(scope));
}

/** `PUT /object/upload/sign/:bucket/:name?token=…`: whoever asked for the address was entitled to upload. */
export async function uploadSigned(context: StorageContext, call: Call): Promise<void> {
	const token = await verifyUpload(context, call.query.get('token'), call.bucket, checkKey(call.name));
	const scope = asService(call.nobody('storage.object.upload_signed'));
	await receive(
		context,
		call,
		scope,
		token.upsert ? 'upsert' : 'insert',
		ownerOf({ ...scope, claims: token.owner ? { sub: token.owner } : {} })
	);
}

/** Throws what an upload to this name would throw; nothing is kept. */
export async function probeUpload(
	context: StorageContext,
	scope: Scope,
	bucket: string,
	name: string,
	mode: Mode
): Promise<void> {
	const draft = { bucket, name, owner: ownerOf(scope), version: randomUUID(), metadata: {}, userMetadata: undefined };
	await probe(context.sql, scope, (tx) => write(tx, draft, mode));
}

/**
 * Asks the policies first, so that nobody sends a file in vain; takes the body in under a passing name; then writes the
 * row as the caller and puts the file in its place within the same transaction.
 */
async function receive(
	context: StorageContext,
	call: Call,
	scope: Scope,
	mode: Mode,
	owner: Draft['owner']
): Promise<void> {
	const { bucket } = call;
	const name = checkKey(call.name);
	const rules = await asCaller(context.sql, asService(scope), (tx) => findBucket(tx, bucket));
	const limit = Math.min(Number(rules.file_size_limit ?? context.fileSizeLimit), context.fileSizeLimit);
	const incoming = await readIncoming(call.request);
	checkIncoming(incoming, { allowedMimeTypes: rules.allowed_mime_types, limit });

	const version = randomUUID();
	const draft = (metadata: Draft['metadata']): Draft => ({
		bucket,
		name,
		owner,
		version,
		metadata,
		userMetadata: incoming.userMetadata
	});
	const described = {
		mimetype: incoming.mimeType,
		cacheControl: incoming.cacheControl,
		...(incoming.contentEncoding ? { contentEncoding: incoming.contentEncoding } : {})
	};
	const announced =
		incoming.announced === undefined ? {} : { size: incoming.announced, contentLength: incoming.announced };
	await probe(context.sql, scope, (tx) => write(tx, draft({ ...described, ...announced }), mode));

	const file = await context.files.receive(incoming.body, limit).catch((error: unknown) => {
		throw error instanceof StorageError ? error : new StorageError(400, 'Aborted', 'The upload was interrupted');
	});
	let placed: FileKey | undefined;
	try {
		const metadata: FileMetadata = {
			eTag: file.eTag,
			size: file.size,
			...described,
			lastModified: new Date().toISOString(),
			contentLength: file.size,
			httpStatusCode: 200
		};
		const written = await asCaller(context.sql, scope, async (tx) => {
			const row = await write(tx, draft(metadata), mode);
			placed = { bucket, id: row.id, version };
			await file.place(placed);
			return row;
		});
		placed = undefined;
		if (written.replaced) await context.files.remove(written.replaced);
		sendJson(call.response, { Key: `${bucket}/${name}`, Id: written.id });
	} catch (error) {
		if (placed) await context.files.remove(placed); // the row didn't come to be
		throw error;
	} finally {
		await file.discard();
	}
}

/** Writes the object's row as the transaction's role, by the statement whose policies Storage documents for each mode. */
async function write(tx: Db, draft: Draft, mode: Mode) {
	await lockName(tx, draft.bucket, draft.name);
	// Without RETURNING, a plain upload needs the policy for insert alone.
	if (mode === 'insert') {
		const id = randomUUID();
		await tx`insert into storage.objects ${columns(tx, draft, id)}`;
		return { id, replaced: undefined };
	}
	const [before] = await tx<ObjectRow[]>`
		select * from storage.objects where bucket_id = ${draft.bucket} and name = ${draft.name} for update`;
	const replaced = before && fileOf(before);
	const changes = tx`
		version = ${draft.version}, metadata = ${json(tx, draft.metadata)}, owner = ${draft.owner.uuid}, owner_id = ${draft.owner.text},
		user_metadata = ${draft.userMetadata ? json(tx, draft.userMetadata) : null}, last_accessed_at = now()`;
	const [row] =
		mode === 'replace' && before
			? await tx<{ id: string }[]>`update storage.objects set ${changes} where id = ${before.id} returning id`
			: await tx<{ id: string }[]>`
				insert into storage.objects ${columns(tx, draft, randomUUID())}
				on conflict (bucket_id, name) do update set ${changes}
				returning id`;
	// The row could be seen but not changed: to the policies for update it isn't there.
	if (!row) throw new StorageError(403, 'AccessDenied', 'new row violates row-level security policy', 'Unauthorized');
	return { id: row.id, replaced };
}

function columns(tx: Db, draft: Draft, id: string) {
	return tx`(id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
		values (
			${id}, ${draft.bucket}, ${draft.name}, ${draft.owner.uuid}, ${draft.owner.text}, ${draft.version},
			${json(tx, draft.metadata)}, ${draft.userMetadata ? json(tx, draft.userMetadata) : null}
		)`;
}
