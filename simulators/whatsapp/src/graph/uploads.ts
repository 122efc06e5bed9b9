import { createHash, randomUUID } from 'node:crypto';
import { readBody } from '../../../http/body.ts';
import type { GraphAnswer, GraphCall } from './call.ts';
import { badParameter, unknownObject } from './error.ts';

/* Meta's resumable upload, which samples of template headers are given by: a session, then its bytes, then a handle. */

const LARGEST_SAMPLE = 100 * 1024 * 1024;
const TYPES = ['image/jpeg', 'image/jpg', 'image/png', 'video/mp4', 'application/pdf'];

/** `POST /:app_id/uploads?file_name&file_length&file_type` */
export function openUpload({ query }: GraphCall): GraphAnswer {
	const length = Number(query.get('file_length'));
	const type = query.get('file_type') ?? '';
	if (!Number.isInteger(length) || length <= 0) throw badParameter('The parameter file_length is required.');
	if (!TYPES.includes(type))
		throw badParameter(`Param file_type must be one of {${TYPES.join(', ')}} - got "${type}".`);
	return {
		body: { id: `upload:${Buffer.from(JSON.stringify([randomUUID(), length])).toString('base64url')}` },
		summary: 'open upload'
	};
}

/** `POST /upload:…` with the bytes from `file_offset` on; the whole file at once is all that is played here. */
export async function takeUpload(call: GraphCall, id: string): Promise<GraphAnswer> {
	const length = lengthOf(id);
	if (length === null) throw unknownObject(call.method, id);
	const bytes = await readBody(call.request, LARGEST_SAMPLE);
	if (bytes.length !== length) throw badParameter(`The file has ${bytes.length} bytes, not ${length}.`);
	return { body: { h: `4::${createHash('sha256').update(bytes).digest('base64url')}` }, summary: 'upload sample' };
}

function lengthOf(id: string): number | null {
	try {
		const [, length] = JSON.parse(Buffer.from(id.slice('upload:'.length), 'base64url').toString()) as [string, number];
		return Number.isInteger(length) ? length : null;
	} catch {
		return null;
	}
}
