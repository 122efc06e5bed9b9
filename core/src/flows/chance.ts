/** A number from 0 up to 1 that follows from a seed and a count alone (splitmix32). */
export function draw(seed: number, count: number): number {
	let mixed = (seed + Math.imul(count + 1, 0x9e3779b9)) | 0;
	mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
	mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
	return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

/** The seed that a text gives (FNV-1a): the same run at the same place always draws the same. */
export function seedOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
	return hash >>> 0;
}
