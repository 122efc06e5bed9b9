import type { IncomingMessage } from 'node:http';
import { invalidMimeType, invalidRequest, tooLarge } from './errors.ts';
import { boundaryOf, readForm } from './multipart.ts';

/** A file on its way in, with what was said about it. */
export interface Incoming {
	readonly body: AsyncIterable<Uint8Array>;
	readonly mimeType: string;
	readonly cacheControl: string;
	readonly contentEncoding: string | undefined;
	readonly userMetadata: Record<string, unknown> | undefined;
	/** Bytes it says it has; undefined when unsaid, or wrapped in a form. */
	readonly announced: number | undefined;
}

/** Reads an upload, sent as it is or in a form, up to where its bytes begin. */
export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
	const contentType = request.headers['content-type'] ?? '';
	const boundary = boundaryOf(contentType);
	const length = request.headers['content-length'];
	if (boundary === undefined) {
		return {
			body: request.iterator({ destroyOnReturn: false }), // a refusal must still find its way to the sender
			mimeType: contentType || 'application/octet-stream',
			cacheControl: request.headers['cache-control'] ?? 'no-cache',
			contentEncoding: request.headers['content-encoding'],
			userMetadata: readMetadata(fromBase64(request.headers['x-metadata'])),
			announced: length === undefined ? undefined : Number(length)
		};
	}
	const { fields, file } = await readForm(request, boundary);
	const seconds = fields.get('cacheControl');
	return {
		body: file.body,
		mimeType: fields.get('contentType') || file.type || 'application/octet-stream',
		cacheControl: seconds ? (/^\d+$/.test(seconds) ? `max-age=${seconds}` : seconds) : 'no-cache',
		contentEncoding: fields.get('contentEncoding'),
		userMetadata: readMetadata(fields.get('metadata')),
		announced: undefined
	};
}

/** Refuses what the bucket doesn't take, before a byte is kept. */
export function checkIncoming(
	incoming: Incoming,
	rules: { allowedMimeTypes: readonly string[] | null; limit: number }
): void {
	for (const text of [incoming.mimeType, incoming.cacheControl, incoming.contentEncoding ?? '']) {
		// These come back as headers of the download.
		if (!/^[\t\x20-\x7e]*$/.test(text)) throw invalidRequest('Invalid character in a header');
	}
	const type = (incoming.mimeType.split(';')[0] ?? '').trim().toLowerCase();
	if (!/^[\w.+-]+\/[\w.+-]+$/.test(type)) throw invalidMimeType(incoming.mimeType);
	const allowed = rules.allowedMimeTypes ?? [];
	if (allowed.length > 0 && !allowed.some((pattern) => matches(type, pattern.toLowerCase())))
		throw invalidMimeType(incoming.mimeType);
	if (incoming.announced !== undefined && incoming.announced > rules.limit) throw tooLarge();
}

function matches(type: string, pattern: string): boolean {
	return pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)));
}

function fromBase64(header: string | string[] | undefined): string | undefined {
	return typeof header === 'string' ? Buffer.from(header, 'base64').toString('utf8') : undefined;
}

function readMetadata(text: string | undefined): Record<string, unknown> | undefined {
	if (text === undefined || text === '') return undefined;
	try {
		const metadata: unknown = JSON.parse(text);
		if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata))
			return metadata as Record<string, unknown>;
	} catch {
		// said below
	}
	throw invalidRequest('metadata must be a JSON object');
}
