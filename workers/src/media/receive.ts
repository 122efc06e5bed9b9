import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** A body is larger than we take. */
export class TooLarge extends Error {
	override name = 'TooLarge';
}

export interface Received {
	size: number;
	/** Of the bytes, in hex. */
	sha256: string;
}

/** Writes a body to a file as it comes, measured and hashed. Throws TooLarge as soon as it is. */
export async function receive(body: AsyncIterable<Uint8Array>, file: string, limit: number): Promise<Received> {
	const hash = createHash('sha256');
	let size = 0;
	async function* measured() {
		for await (const chunk of body) {
			size += chunk.length;
			if (size > limit) throw new TooLarge(`more than ${limit} bytes`);
			hash.update(chunk);
			yield chunk;
		}
	}
	await pipeline(measured, createWriteStream(file, { mode: 0o600 }));
	return { size, sha256: hash.digest('hex') };
}

/** A hash as Meta writes it (base64 in webhooks, hex in answers) in hex; null when it is no SHA-256. */
export function hashOf(text: string | null | undefined): string | null {
	if (!text) return null;
	if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
	const bytes = Buffer.from(text, 'base64');
	return bytes.length === 32 ? bytes.toString('hex') : null;
}
