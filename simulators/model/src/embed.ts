import { fold } from '@prosa/core/text/fold.ts';

/**
 * A text as a direction: its words and their three-letter pieces fall into places by hash. Texts that share words point
 * the same way, which is all that a search in a demo or a test needs; it knows no meaning.
 */
export function embed(text: string, dimensions: number): number[] {
	const vector = new Array<number>(dimensions).fill(0);
	for (const [word] of fold(text).matchAll(/[a-z0-9]{2,}/g)) {
		add(vector, word, 1);
		const padded = ` ${word} `;
		for (let start = 0; start + 3 <= padded.length; start++) add(vector, padded.slice(start, start + 3), 0.5);
	}
	const length = Math.hypot(...vector);
	if (length === 0) return vector.fill(1 / Math.sqrt(dimensions));
	return vector.map((value) => value / length);
}

function add(vector: number[], feature: string, weight: number): void {
	const hash = fnv(feature);
	const place = hash % vector.length;
	vector[place] = (vector[place] ?? 0) + (hash & 0x1000000 ? weight : -weight);
}

function fnv(text: string): number {
	let hash = 0x811c9dc5;
	for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
	return hash >>> 0;
}

/** As the SDK asks for them by itself: little-endian floats of four bytes, base64. */
export const asBase64 = (vector: number[]): string => Buffer.from(new Float32Array(vector).buffer).toString('base64');
