import { addBucket, changeBucket, emptyBucket, listBuckets, removeBucket, showBucket } from './buckets.ts';
import type { Call, StorageContext } from './call.ts';
import { copy, move, removeMany, removeOne } from './changes.ts';
import { download, downloadPrivate, downloadPublic, downloadSigned, info, infoPublic } from './downloads.ts';
import { invalidKey, StorageError } from './errors.ts';
import { list, listV2 } from './listing.ts';
import { signMany, signOne, signUpload } from './signing.ts';
import { update, upload, uploadSigned } from './uploads.ts';

export type Handler = (context: StorageContext, call: Call) => Promise<void>;

/** Method and path; `:bucket` is one segment, `*` the rest, which is the object's name. The first that fits is taken. */
const ROUTES: [route: string, handler: Handler][] = [
	['GET bucket', listBuckets],
	['POST bucket', addBucket],
	['GET bucket/:bucket', showBucket],
	['PUT bucket/:bucket', changeBucket],
	['DELETE bucket/:bucket', removeBucket],
	['POST bucket/:bucket/empty', emptyBucket],
	['POST object/move', move],
	['POST object/copy', copy],
	['POST object/list/:bucket', list],
	['POST object/list-v2/:bucket', listV2],
	['POST object/sign/:bucket', signMany],
	['POST object/sign/:bucket/*', signOne],
	['GET object/sign/:bucket/*', downloadSigned],
	['POST object/upload/sign/:bucket/*', signUpload],
	['PUT object/upload/sign/:bucket/*', uploadSigned],
	['GET object/public/:bucket/*', downloadPublic],
	['GET object/authenticated/:bucket/*', downloadPrivate],
	['GET object/info/public/:bucket/*', infoPublic],
	['GET object/info/authenticated/:bucket/*', info],
	['GET object/info/:bucket/*', info],
	['GET object/:bucket/*', download],
	['POST object/:bucket/*', upload],
	['PUT object/:bucket/*', update],
	['DELETE object/:bucket/*', removeOne],
	['DELETE object/:bucket', removeMany]
];

const TABLE = ROUTES.map(([route, handler]) => {
	const [method = '', path = ''] = route.split(' ');
	return { method, parts: path.split('/'), handler };
});

/** The handler for a request, with the bucket and the object its path names. */
export function findRoute(method: string, path: string): { handler: Handler; bucket: string; name: string } {
	const segments = path.replace(/^\/|\/$/g, '').split('/');
	const wanted = method === 'HEAD' ? 'GET' : method;
	for (const { method, parts, handler } of TABLE) {
		const rest = parts.at(-1) === '*' ? parts.length - 1 : undefined;
		if (method !== wanted || (rest === undefined ? segments.length !== parts.length : segments.length <= rest))
			continue;
		if (!parts.every((part, index) => part === '*' || part === ':bucket' || part === segments[index])) continue;
		const bucket = segments[parts.indexOf(':bucket')] ?? '';
		return { handler, bucket: decode(bucket), name: rest === undefined ? '' : decode(segments.slice(rest).join('/')) };
	}
	if (segments[0] === 'render') {
		throw new StorageError(
			409,
			'FeatureNotEnabled',
			'The feature imageTransformation is not enabled for this resource'
		);
	}
	throw new StorageError(404, 'InvalidRequest', `Route ${method}:${path} not found`, 'Not Found');
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw invalidKey(text);
	}
}
