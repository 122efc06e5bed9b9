/** A piece of a found text, and whether it is what was looked for. */
export interface Piece {
	text: string;
	hit: boolean;
}

const begins = '\uE000';
const ends = '\uE001';

/**
 * A found text in pieces. The database puts hits between two characters of the private use area and takes these out of
 * what people wrote, so whatever else the text holds, `<b>` too, is only ever drawn as text.
 */
export function pieces(marked: string): Piece[] {
	const found: Piece[] = [];
	let hit = false;
	for (const part of marked.split(/([\uE000\uE001])/)) {
		if (part === begins) hit = true;
		else if (part === ends) hit = false;
		else if (part) found.push({ text: part, hit });
	}
	return found;
}

/** The text without its marks. */
export const unmarked = (marked: string) => marked.replaceAll(begins, '').replaceAll(ends, '');
