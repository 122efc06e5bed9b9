import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { sendJson, type Call, type StorageContext } from './call.ts';
import { asCaller, json, probe } from './database.ts';
import { noSuchKey } from './errors.ts';
import { checkKey } from './names.ts';
import { fileOf, findObject, lockName, ownerOf, type FileMetadata, type ObjectRow } from './objects.ts';

const target = {
	bucketId: z.string(),
	sourceKey: z.string(),
	destinationBucket: z.string().nullish(),
	destinationKey: z.string()
};
const moveBody = z.object(target);
const copyBody = z.object({
	...target,
	copyMetadata: z.boolean().nullish(),
	metadata: z.object({ cacheControl: z.string().optional(), mimetype: z.string().optional() }).nullish()
});
const removeBody = z.object({
	prefixes: z
		.array(z.union([z.string(), z.object({ path: z.string() })]))
		.min(1)
		.max(1000)
});

/** `POST /object/move`: another name, in this bucket or another. The object stays itself. */
export async function move(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.move');
	const body = await call.json(moveBody);
	const bucket = body.destinationBucket || body.bucketId;
	const name = checkKey(body.destinationKey);
	const { before, after } = await asCaller(context.sql, scope, async (tx) => {
		const before = await findObject(tx, body.bucketId, checkKey(body.sourceKey));
		await lockName(tx, bucket, name);
		const [after] = await tx<ObjectRow[]>`
			update storage.objects set bucket_id = ${bucket}, name = ${name} where id = ${before.id} returning *`;
		if (!after) throw noSuchKey();
		const [from, to] = [fileOf(before), fileOf(after)];
		// Linked, not renamed: should the commit fail, the file is still where the old row says.
		if (from && to && bucket !== before.bucket_id) await context.files.link(from, to);
		return { before, after };
	});
	const left = fileOf(before);
	if (left && after.bucket_id !== before.bucket_id) await context.files.remove(left);
	sendJson(call.response, { message: 'Successfully moved', Id: after.id, Key: `${bucket}/${name}` });
}

/** `POST /object/copy`: a second object with the same content, owned by the caller. */
export async function copy(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.copy');
	const body = await call.json(copyBody);
	const bucket = body.destinationBucket || body.bucketId;
	const name = checkKey(body.destinationKey);
	const owner = ownerOf(scope);
	const id = randomUUID();
	const version = randomUUID();
	const upsert = call.request.headers['x-upsert'] === 'true';

	const insert = async (tx: Parameters<typeof findObject>[0]) => {
		const source = await findObject(tx, body.bucketId, checkKey(body.sourceKey));
		await lockName(tx, bucket, name);
		const [replaced] = upsert
			? await tx<ObjectRow[]>`select * from storage.objects where bucket_id = ${bucket} and name = ${name} for update`
			: [];
		const metadata = { ...source.metadata, ...given(body), lastModified: new Date().toISOString() };
		const userMetadata = body.copyMetadata === false || !source.user_metadata ? null : json(tx, source.user_metadata);
		await tx`
			insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
			values (${id}, ${bucket}, ${name}, ${owner.uuid}, ${owner.text}, ${version}, ${json(tx, metadata)}, ${userMetadata})
			${
				upsert
					? tx`on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata,
						user_metadata = excluded.user_metadata, owner = excluded.owner, owner_id = excluded.owner_id`
					: tx``
			}`;
		return { source, replaced };
	};
	await probe(context.sql, scope, insert);
	const { replaced, copied } = await asCaller(context.sql, scope, async (tx) => {
		const { source, replaced } = await insert(tx);
		const copied = { bucket, id: replaced?.id ?? id, version };
		const from = fileOf(source);
		if (from) await context.files.copy(from, copied);
		return { replaced, copied };
	});
	const old = replaced && fileOf(replaced);
	if (old) await context.files.remove(old);
	sendJson(call.response, { Key: `${bucket}/${name}`, Id: copied.id, name, bucket_id: bucket });
}

/** What the caller says of the copy in place of what the source says. */
function given({ copyMetadata, metadata }: z.infer<typeof copyBody>): Partial<FileMetadata> {
	if (copyMetadata !== false) return {};
	return {
		cacheControl: metadata?.cacheControl ?? 'no-cache',
		...(metadata?.mimetype ? { mimetype: metadata.mimetype } : {})
	};
}

/** `DELETE /object/:bucket`: those of the names that the caller may delete; answers what is gone. */
export async function removeMany(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.delete_many');
	const { prefixes } = await call.json(removeBody);
	const names = prefixes.map((entry) => (typeof entry === 'string' ? entry : entry.path));
	sendJson(call.response, await removeNamed(context, scope, call.bucket, names));
}

/** `DELETE /object/:bucket/:name` */
export async function removeOne(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.delete');
	const [gone] = await removeNamed(context, scope, call.bucket, [checkKey(call.name)]);
	if (!gone) throw noSuchKey();
	sendJson(call.response, { message: 'Successfully deleted' });
}

/** Rows first, files after: should this stop halfway, a file without a row is left, never a row without a file. */
async function removeNamed(
	context: StorageContext,
	scope: Parameters<typeof asCaller>[1],
	bucket: string,
	names: readonly string[]
): Promise<ObjectRow[]> {
	const gone = await asCaller(
		context.sql,
		scope,
		(tx) => tx<ObjectRow[]>`
			delete from storage.objects
			where bucket_id = ${bucket} and name = any(${[...names]})
			returning id, bucket_id, name, owner, owner_id, version, created_at, updated_at, last_accessed_at, metadata, user_metadata`
	);
	for (const object of gone) {
		const file = fileOf(object);
		if (file) await context.files.remove(file);
	}
	return gone;
}
