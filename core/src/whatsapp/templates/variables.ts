import type { ParameterFormat } from './component.ts';

const VARIABLE = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** The names of a text's variables, each once, in the order in which they first stand in it. */
export function variablesIn(text: string): string[] {
	return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))];
}

/** The order in which a send names them: positional ones by number, named ones as they stand. */
export function sendOrder(text: string, format: ParameterFormat): string[] {
	const names = variablesIn(text);
	if (format === 'NAMED') return names;
	return names.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
}

/** The text with its variables filled in; one without a value leaves nothing, unless `missing` says what. */
export function fillText(
	text: string,
	values: Readonly<Record<string, string>>,
	missing: (name: string) => string = () => ''
): string {
	return text.replace(VARIABLE, (_whole, name: string) => values[name] ?? missing(name));
}

/** A text cut at its variables, for drawing: plain pieces and names in turn. */
export function piecesOf(text: string): ({ text: string } | { variable: string })[] {
	const pieces: ({ text: string } | { variable: string })[] = [];
	let end = 0;
	for (const match of text.matchAll(VARIABLE)) {
		if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
		pieces.push({ variable: match[1] ?? '' });
		end = match.index + match[0].length;
	}
	if (end < text.length) pieces.push({ text: text.slice(end) });
	return pieces;
}

/** Characters as Meta and Postgres count them. */
export const lengthOf = (text: string): number => [...text].length;
