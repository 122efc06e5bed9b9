import type { Db, Scope } from './database.ts';
import { noSuchKey } from './errors.ts';
import type { FileKey } from './files.ts';

/** What Storage keeps about a file in storage.objects.metadata. */
export interface FileMetadata {
	eTag: string;
	size: number;
	mimetype: string;
	cacheControl: string;
	lastModified: string;
	contentLength: number;
	httpStatusCode: 200;
	contentEncoding?: string;
}

export interface ObjectRow {
	id: string;
	bucket_id: string;
	name: string;
	owner: string | null;
	owner_id: string | null;
	version: string | null;
	created_at: Date;
	updated_at: Date;
	last_accessed_at: Date;
	metadata: FileMetadata | null;
	user_metadata: Record<string, unknown> | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whose an object becomes: the token's subject, also as a uuid when it is one. */
export function ownerOf({ claims }: Scope): { uuid: string | null; text: string | null } {
	const text = claims.sub ?? null;
	return { text, uuid: text !== null && UUID.test(text) ? text : null };
}

/** The object as the transaction's role sees it; one it may not see is no object. */
export async function findObject(tx: Db, bucket: string, name: string): Promise<ObjectRow> {
	const [object] = await tx<ObjectRow[]>`select * from storage.objects where bucket_id = ${bucket} and name = ${name}`;
	if (!object) throw noSuchKey();
	return object;
}

/** Where the object's file lies; undefined for a row that was written without one. */
export function fileOf({
	bucket_id: bucket,
	id,
	version
}: Pick<ObjectRow, 'bucket_id' | 'id' | 'version'>): FileKey | undefined {
	return version !== null && UUID.test(version) ? { bucket, id, version } : undefined;
}

/** Two changes of one name go one after the other. */
export async function lockName(tx: Db, bucket: string, name: string): Promise<void> {
	await tx`select pg_advisory_xact_lock(hashtextextended(${`${bucket}/${name}`}, 0))`;
}
