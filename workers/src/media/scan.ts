import { openAsBlob } from 'node:fs';

/** Asks whether a file is clean. Throws when nobody can say: it is asked again, and nothing is kept meanwhile. */
export type Scan = (file: string, signal: AbortSignal) => Promise<'clean' | 'infected'>;

const TIMEOUT_MS = 120_000;

/** A scanner behind HTTP (MEDIA_SCAN_URL): it is sent the bytes, and answers 2xx for clean, 406 for infected. */
export function createScan(url: string): Scan {
	return async (file, signal) => {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'content-type': 'application/octet-stream' },
			body: await openAsBlob(file),
			signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
		});
		await response.body?.cancel();
		if (response.status === 406) return 'infected';
		if (response.ok) return 'clean';
		throw new Error(`the virus scanner answered ${response.status}`);
	};
}
