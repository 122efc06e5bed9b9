/**
 * About as many tokens as a real tokenizer makes of Portuguese and English: a token for each four letters of a word, one
 * for each mark. Whole numbers that depend on the text alone, so that tests of budgets can count on them.
 */
export function countTokens(text: string): number {
	let tokens = 0;
	for (const [word] of text.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)) tokens += Math.ceil(word.length / 4);
	return tokens;
}

/** Pieces as a stream sends them: words with the blank before them. */
export const piecesOf = (text: string): string[] => text.match(/\s*\S+\s*$|\s*\S+/gu) ?? (text === '' ? [] : [text]);

/** The beginning of a text that has at most so many tokens, cut between pieces. */
export function cutAt(text: string, most: number): { text: string; cut: boolean } {
	let kept = '';
	let tokens = 0;
	for (const piece of piecesOf(text)) {
		tokens += countTokens(piece);
		if (tokens > most) return { text: kept, cut: true };
		kept += piece;
	}
	return { text, cut: false };
}
