import { readBody } from '../../../http/body.ts';
import { LARGEST_MEDIA, refuseUpload } from '../media/formats.ts';
import type { Media } from '../media/shelf.ts';
import type { Business } from '../state/business.ts';
import { badParameter, unknownObject } from './error.ts';
import type { GraphAnswer, GraphCall } from './call.ts';

/** `POST /:phone_number_id/media`, a form with `messaging_product`, `file` and perhaps `type`. */
export async function uploadMedia(call: GraphCall, business: Business): Promise<GraphAnswer> {
	const bytes = await readBody(call.request, LARGEST_MEDIA + 64 * 1024);
	const form = await parseForm(bytes, call.request.headers['content-type'] ?? '');
	const product = form?.get('messaging_product') ?? null;
	if (product === null) throw badParameter('The parameter messaging_product is required.');
	if (product !== 'whatsapp')
		throw badParameter(`Param messaging_product must be one of {WHATSAPP} - got "${String(product)}".`);
	const file = form?.get('file') ?? null;
	if (!(file instanceof File)) throw badParameter('The parameter file is required.');
	const given = form?.get('type');
	const mimeType =
		file.type !== '' && file.type !== 'application/octet-stream'
			? file.type
			: typeof given === 'string'
				? given
				: file.type;
	const content = Buffer.from(await file.arrayBuffer());
	const refusal = refuseUpload(mimeType || 'application/octet-stream', content.length);
	if (refusal) throw refusal;
	const media = call.world.media.add(content, {
		phone_number_id: business.phone_number_id,
		mime_type: mimeType,
		filename: file.name || null,
		origin: 'upload'
	});
	return { body: { id: media.id }, summary: `upload ${mimeType}` };
}

async function parseForm(bytes: Buffer, contentType: string): Promise<FormData | null> {
	if (!/^multipart\/form-data/i.test(contentType)) return null;
	try {
		return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
	} catch {
		throw badParameter('The request body is not valid form data.');
	}
}

/** The file an id names when the token's businesses own it. Throws 100/33 otherwise, also for another number's file. */
export function mediaOf(call: GraphCall, id: string): Media {
	const media = call.world.media.get(id);
	const asked = call.query.get('phone_number_id');
	const owned = call.businesses.some((business) => business.phone_number_id === media?.phone_number_id);
	if (!media || !owned || (asked !== null && asked !== media.phone_number_id)) throw unknownObject(call.method, id);
	return media;
}

/** `GET /:media_id` */
export function getMedia(call: GraphCall, media: Media): GraphAnswer {
	return {
		body: {
			messaging_product: 'whatsapp',
			url: call.world.media.url(call.base, media),
			mime_type: media.mime_type,
			sha256: media.sha256,
			file_size: media.size,
			id: media.id
		},
		summary: 'media url'
	};
}

/** `DELETE /:media_id` */
export function deleteMedia(call: GraphCall, media: Media): GraphAnswer {
	return { body: { success: call.world.media.remove(media.id) }, summary: 'delete media' };
}
