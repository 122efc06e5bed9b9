import { RestError } from '../errors.ts';

/** The forms an answer can have. */
export interface Media {
	kind: 'json' | 'object' | 'csv';
	/** Leave out members that are null. */
	stripNulls: boolean;
	contentType: string;
}

const JSON_MEDIA: Media = { kind: 'json', stripNulls: false, contentType: 'application/json; charset=utf-8' };

/** The first acceptable form of an Accept header. Throws PGRST107 (406) when there is none. */
export function negotiateMedia(accept: string | undefined): Media {
	if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') return JSON_MEDIA;
	for (const { type, parameters } of acceptable(accept)) {
		const stripNulls = parameters.includes('nulls=stripped');
		const suffix = `${stripNulls ? ';nulls=stripped' : ''}; charset=utf-8`;
		if (type === '*/*' || type === 'application/*' || type === 'application/json') return JSON_MEDIA;
		if (type === 'application/vnd.pgrst.object' || type === 'application/vnd.pgrst.object+json')
			return { kind: 'object', stripNulls, contentType: `application/vnd.pgrst.object+json${suffix}` };
		if (type === 'application/vnd.pgrst.array' || type === 'application/vnd.pgrst.array+json')
			return stripNulls
				? { kind: 'json', stripNulls, contentType: `application/vnd.pgrst.array+json${suffix}` }
				: JSON_MEDIA;
		if (type === 'text/csv') return { kind: 'csv', stripNulls: false, contentType: 'text/csv; charset=utf-8' };
	}
	throw notAcceptable(accept);
}

/** Whether the OpenAPI description is an acceptable answer. */
export function acceptsOpenApi(accept: string | undefined): boolean {
	return (
		accept === undefined ||
		acceptable(accept).some(({ type }) =>
			['*/*', 'application/*', 'application/json', 'application/openapi+json'].includes(type)
		)
	);
}

export function notAcceptable(accept: string): RestError {
	const types = acceptable(accept).map(({ type }) => type);
	return new RestError(406, 'PGRST107', `None of these media types are available: ${types.join(', ')}`);
}

function acceptable(accept: string): { type: string; parameters: string[] }[] {
	const list = accept.split(',').map((part) => {
		const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
		const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
		return { type, parameters, quality };
	});
	return list.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
}
