import { fold } from '@prosa/core/text/fold.ts';

export interface Part {
	text: string;
	hit: boolean;
}

/** Words that say nothing of what a sentence is about. */
const COMMON = new Set(
	'para pela pelo pelas pelos como mais mas tambem este esta esse essa isto isso aqui voce voces nosso nossa seus suas quando onde with from your that this have will they them'.split(
		' '
	)
);

/** How much of a sentence's words an answer must have, for it to be drawn from it. */
const MOST_OF = 0.5;

/**
 * A piece of a document in sentences, with those marked that an answer says again: most of their words stand in it. A
 * figure weighs as three words, for it is what somebody checks.
 */
export function drawnFrom(text: string, answer: string): Part[] {
	const said = new Set(wordsOf(answer));
	const parts: Part[] = [];
	for (const sentence of sentencesOf(text)) {
		const words = [...new Set(wordsOf(sentence))];
		const weight = (among: string[]) => among.reduce((sum, word) => sum + (/\d/.test(word) ? 3 : 1), 0);
		const all = weight(words);
		const hit = all > 0 && weight(words.filter((word) => said.has(word))) / all >= MOST_OF;
		const last = parts.at(-1);
		if (last?.hit === hit) last.text += sentence;
		else parts.push({ text: sentence, hit });
	}
	return parts;
}

/** Sentences and lines with what stands between them: joined they are the text. */
function sentencesOf(text: string): string[] {
	const sentences: string[] = [];
	let from = 0;
	for (const { 0: end, index } of text.matchAll(/[.!?]+\s+|\n\s*/g)) {
		sentences.push(text.slice(from, index + end.length));
		from = index + end.length;
	}
	return from < text.length ? [...sentences, text.slice(from)] : sentences;
}

/** What a text is about: its figures, and its words of four letters or more, without their ending. */
function wordsOf(text: string): string[] {
	return (text.match(/\d[\d.,:]*\d|\d|\p{L}{4,}/gu) ?? [])
		.map((word) => fold(word))
		.filter((word) => !COMMON.has(word))
		.map((word) => (/\d/.test(word) ? word : word.replace(/(?:s|es)$/, '').slice(0, 8)));
}
