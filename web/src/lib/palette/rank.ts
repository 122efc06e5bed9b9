import { fold } from '@prosa/core/text/fold.ts';

/** How well a text fits one word: whole, from the start of a word, within, letters in order; 0 where it doesn't. */
function fitOf(text: string, word: string): number {
	if (text === word) return 6;
	if (text.startsWith(word)) return 5;
	if (text.includes(` ${word}`)) return 4;
	if (text.includes(word)) return 2;
	return word.length > 1 && isInOrder(text, word) ? 1 : 0;
}

/** The letters of a word one after another, each further one beginning a word or following the last: `aam` in `atribuir a mim`. */
function isInOrder(text: string, word: string): boolean {
	let from = 0;
	for (const letter of word) {
		if (text[from] === letter) {
			from += 1;
			continue;
		}
		const begins = text.indexOf(` ${letter}`, Math.max(from - 1, 0));
		if (begins === -1) return false;
		from = begins + 2;
	}
	return true;
}

/** How well something fits what is typed: every word must fit its name or its note. 0 where it doesn't. */
export function rankOf(query: string, label: string, note = ''): number {
	const words = fold(query).split(' ').filter(Boolean);
	const [name, beside] = [fold(label), fold(note)];
	let rank = 0;
	for (const word of words) {
		const fit = Math.max(fitOf(name, word), fitOf(beside, word) / 2);
		if (fit === 0) return 0;
		rank += fit;
	}
	// Of two that fit alike the one that says it in fewer words.
	return words.length === 0 ? 1 : rank / words.length + (fold(query) === name ? 2 : 0) + 1 / (10 + name.length);
}
