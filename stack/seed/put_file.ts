import type { PutFile } from './files.ts';

/** Puts the demo's files into Storage, as the service. */
export function putInto(apiUrl: string, serviceRoleKey: string): PutFile {
	return async (path, bytes, mimeType) => {
		const response = await fetch(`${apiUrl}/storage/v1/object/media/${path}`, {
			method: 'POST',
			headers: {
				apikey: serviceRoleKey,
				authorization: `Bearer ${serviceRoleKey}`,
				'content-type': mimeType,
				'x-upsert': 'true'
			},
			body: new Uint8Array(bytes)
		});
		if (!response.ok) throw new Error(`storage did not take ${path}: ${await response.text()}`);
		await response.body?.cancel();
	};
}
