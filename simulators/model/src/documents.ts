import { fold } from '@prosa/core/text/fold.ts';

/** Words that stand everywhere and say nothing of a subject. */
const COMMON = new Set(
	'para como qual quais voce voces tem ter uma uns que com por favor quero saber sobre esta isso meu minha what which have with about your want know the and for'.split(
		' '
	)
);

const wordsOf = (text: string): Set<string> =>
	new Set(
		(fold(text).match(/[a-z0-9]{3,}/g) ?? []).filter((word) => !COMMON.has(word)).map((word) => word.slice(0, 6))
	);

/**
 * The sentence of the documents in a prompt that shares most words with a question: two at least. Documents are what
 * stands between tags named `document`, whatever else the tags say.
 */
export function quoteFrom(prompt: string, question: string): { id: string | null; sentence: string } | null {
	const asked = wordsOf(question);
	let best: { id: string | null; sentence: string; shared: number } | null = null;
	for (const [, attributes = '', text = ''] of prompt.matchAll(/<document\b([^>]*)>([\s\S]*?)<\/document>/g)) {
		const id = /\bid="([^"]*)"/.exec(attributes)?.[1] ?? null;
		for (const sentence of text.split(/(?<=[.!?])\s+|\n+/)) {
			const shared = [...wordsOf(sentence)].filter((word) => asked.has(word)).length;
			if (shared >= 2 && shared > (best?.shared ?? 0)) best = { id, sentence: sentence.trim(), shared };
		}
	}
	return best && { id: best.id, sentence: best.sentence };
}
