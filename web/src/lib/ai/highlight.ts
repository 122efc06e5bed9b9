import { fold } from '@prosa/core/text/fold.ts';

export interface Part {
	text: string;
	hit: boolean;
}

/** A found text in parts: words that begin as one of the question's does are hits, however they end. */
export function highlight(text: string, question: string): Part[] {
	const roots = wordsOf(question)
		.map((word) => fold(word))
		.filter((word) => word.length >= 3)
		.map((word) => word.slice(0, Math.max(3, word.length - 2)));
	const parts: Part[] = [];
	for (const piece of text.split(/([\p{L}\p{N}]+)/u)) {
		if (piece === '') continue;
		const folded = fold(piece);
		const hit = roots.some((root) => folded.startsWith(root) && folded.length <= root.length + 4);
		const last = parts.at(-1);
		if (last?.hit === hit) last.text += piece;
		else parts.push({ text: piece, hit });
	}
	return parts;
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
