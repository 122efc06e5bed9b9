/** One or two letters for a name: first and last word; a phone number gives its last two digits. */
export function initialsOf(name: string): string {
	const words = name.split(/\s+/).filter((word) => /\p{L}/u.test(word));
	const [first] = words;
	if (first === undefined) return name.replaceAll(/\D/g, '').slice(-2) || '?';
	const last = words.length > 1 ? words.at(-1) : undefined;
	return [first, last]
		.map((word) => /\p{L}/u.exec(word ?? '')?.[0] ?? '')
		.join('')
		.toLocaleUpperCase();
}

/** A hue for an id, the same everywhere and for ever. */
export function hueOf(id: string): number {
	let hash = 0;
	for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
	return hash % 360;
}
