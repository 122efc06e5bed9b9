import type { IncomingMessage } from 'node:http';
import { RestError } from '../errors.ts';

const LIMIT = 100 * 1024 * 1024;

/** The whole body of a request. Throws 413 when it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > LIMIT) throw new RestError(413, 'PGRST102', 'The request body is too large');
		chunks.push(chunk);
	}
	return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
