import { z } from 'zod';
import type { Claims } from '../jwt.ts';
import { JwtError } from '../jwt.ts';
import { sendJson, type Call, type StorageContext } from './call.ts';
import { asCaller } from './database.ts';
import { StorageError } from './errors.ts';
import { checkKey } from './names.ts';
import { findObject, ownerOf } from './objects.ts';
import { probeUpload } from './uploads.ts';

/** What an address may be used for. Without it a token to upload would also read what was uploaded. */
const DOWNLOAD = 'storage/download';
const UPLOAD = 'storage/upload';
const UPLOAD_SECONDS = 2 * 60 * 60;
const MAX_SECONDS = 100 * 365 * 24 * 60 * 60;

const expiresIn = z.number().int().min(1).max(MAX_SECONDS);
const oneBody = z.object({ expiresIn, transform: z.unknown().optional() });
const manyBody = z.object({ expiresIn, paths: z.array(z.string()).min(1).max(1000) });

/** `POST /object/sign/:bucket/:name`: an address that opens this one object until it expires. */
export async function signOne(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.sign');
	const body = await call.json(oneBody);
	if (body.transform)
		throw new StorageError(
			409,
			'FeatureNotEnabled',
			'The feature imageTransformation is not enabled for this resource'
		);
	const name = checkKey(call.name);
	await asCaller(context.sql, scope, (tx) => findObject(tx, call.bucket, name));
	sendJson(call.response, { signedURL: await signDownload(context, call.bucket, name, body.expiresIn) });
}

/** `POST /object/sign/:bucket`: the same for many; those the caller may not see say so each. */
export async function signMany(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.sign_many');
	const { expiresIn: seconds, paths } = await call.json(manyBody);
	const seen = await asCaller(context.sql, scope, async (tx) => {
		const rows = await tx<
			{ name: string }[]
		>`select name from storage.objects where bucket_id = ${call.bucket} and name = any(${paths})`;
		return new Set(rows.map(({ name }) => name));
	});
	const signed = await Promise.all(
		paths.map(async (path) => ({
			error: seen.has(path) ? null : 'Either the object does not exist or you do not have access to it',
			path,
			signedURL: seen.has(path) ? await signDownload(context, call.bucket, path, seconds) : null
		}))
	);
	sendJson(call.response, signed);
}

/** `POST /object/upload/sign/:bucket/:name`: an address that takes one upload from whoever holds it. */
export async function signUpload(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.sign_upload_url');
	const name = checkKey(call.name);
	const upsert = call.request.headers['x-upsert'] === 'true';
	await probeUpload(context, scope, call.bucket, name, upsert ? 'upsert' : 'insert');
	const { text: owner } = ownerOf(scope);
	const token = await sign(
		context,
		{ type: UPLOAD, url: `${call.bucket}/${name}`, upsert, ...(owner ? { owner } : {}) },
		UPLOAD_SECONDS
	);
	sendJson(call.response, { url: `/object/upload/sign/${call.bucket}/${name}?token=${token}`, token });
}

async function signDownload(context: StorageContext, bucket: string, name: string, seconds: number): Promise<string> {
	const token = await sign(context, { type: DOWNLOAD, url: `${bucket}/${name}` }, seconds);
	return `/object/sign/${bucket}/${name}?token=${token}`;
}

/** The moment a signed address expires, in seconds; an error when its token is not for this object or has expired. */
export async function verifyDownload(
	context: StorageContext,
	token: string | null,
	bucket: string,
	name: string
): Promise<number> {
	const { exp = 0 } = await verify(context, token, DOWNLOAD, `${bucket}/${name}`);
	return exp;
}

export async function verifyUpload(context: StorageContext, token: string | null, bucket: string, name: string) {
	const claims = await verify(context, token, UPLOAD, `${bucket}/${name}`);
	return { upsert: claims['upsert'] === true, owner: typeof claims['owner'] === 'string' ? claims['owner'] : null };
}

async function verify(context: StorageContext, token: string | null, type: string, url: string): Promise<Claims> {
	if (!token) throw new StorageError(400, 'InvalidRequest', "querystring must have required property 'token'", 'Error');
	const claims = await context.jwt.verify(token).catch((error: unknown) => {
		if (!(error instanceof JwtError)) throw error;
		const expired = error.reason === 'expired';
		throw new StorageError(400, 'InvalidJWT', expired ? '"exp" claim timestamp check failed' : error.message);
	});
	if (claims['type'] !== type || claims['url'] !== url)
		throw new StorageError(400, 'InvalidSignature', 'Invalid signature');
	return claims;
}

function sign(context: StorageContext, claims: Claims, seconds: number): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	return context.jwt.sign({ ...claims, iat: now, exp: now + seconds });
}
