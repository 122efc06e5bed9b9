/** The kinds of picture a person may have, by how their bytes begin: what a file calls itself proves nothing. */
export const kinds = [
	{ ending: 'webp', type: 'image/webp', begins: /^RIFF[^]{4}WEBP/ },
	{ ending: 'png', type: 'image/png', begins: /^\x89PNG\r\n\x1a\n/ },
	{ ending: 'jpg', type: 'image/jpeg', begins: /^\xff\xd8\xff/ }
] as const;

/** What a file is; null when it is no picture that we take. */
export function kindOf(bytes: Uint8Array) {
	const head = String.fromCodePoint(...bytes.subarray(0, 12));
	return kinds.find(({ begins }) => begins.test(head)) ?? null;
}
