import type { IncomingMessage } from 'node:http';

/** A body larger than its place allows. */
export class BodyTooLarge extends Error {}

/** The whole body. Throws BodyTooLarge beyond `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > limit) throw new BodyTooLarge(`the body is larger than ${limit} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
