/** Coordinates as maps give them when copied: `-23.5614, -46.6559`. Null for anything else. */
export function coordinatesIn(text: string): { latitude: string; longitude: string } | null {
	const pair = /^\s*\(?(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\)?\s*$/.exec(text);
	return pair?.[1] && pair[2] ? { latitude: pair[1], longitude: pair[2] } : null;
}

/** A number as people type it, with a point or a comma; NaN, which the rules refuse, for anything else. */
export function numberIn(text: string): number {
	const plain = text.trim().replace(',', '.');
	return plain === '' ? NaN : Number(plain);
}
