/** Meta's bodies reach 3 MB; with a margin. */
export const LARGEST_BODY = 4 * 1024 * 1024;

/** The raw bytes of a request; null when there are more than `most`, of which no more than that are ever held. */
export async function readBytes(request: Request, most = LARGEST_BODY): Promise<Uint8Array<ArrayBuffer> | null> {
	const announced = Number(request.headers.get('content-length') ?? 0);
	if (announced > most) return null;
	// an announced length is enforced by the server, so the fast path can't exceed it
	if (announced > 0) return new Uint8Array(await request.arrayBuffer());
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of request.body ?? []) {
		size += chunk.byteLength;
		if (size > most) return null;
		chunks.push(chunk);
	}
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		bytes.set(chunk, at);
		at += chunk.byteLength;
	}
	return bytes;
}
