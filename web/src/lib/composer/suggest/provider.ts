import type { Mode } from '../mode.ts';

/** What is being named at the cursor, and where its sign stands. */
export interface Named {
	query: string;
	from: number;
}

export interface Suggestion {
	id: string;
	label: string;
	/** A second line. */
	note?: string;
	/** What stands before the label: an emoji, a shortcut. */
	lead?: string;
	/** What stands at the end: a category. */
	tail?: string;
	/** The words it stands for, put in the place of what was typed. */
	words: () => string;
	/** The names of the files that go with it. */
	files?: readonly string[];
	/** Told once it was chosen. */
	onpicked?: () => void;
}

/** Something that is found by a sign and a few letters: emoji by `:`, colleagues by `@`, canned responses by `/`. */
export interface Provider {
	name: string;
	modes: readonly Mode[];
	/** What the list is called. */
	label: () => string;
	/** What an empty list says; without it, an empty list isn't shown. */
	empty?: () => string;
	at: (text: string, cursor: number) => Named | null;
	/** Made ready when the sign is first typed. What it answers is asked with each letter, and may be reactive. */
	load: () => Promise<(query: string) => Suggestion[]>;
	/** Whether the whole text of what is chosen is shown beside the list. */
	preview?: boolean;
}

/** What is being named at the cursor, by the first provider that knows its sign. */
export function namedBy(providers: readonly Provider[], mode: Mode, text: string, cursor: number) {
	for (const provider of providers) {
		const named = provider.modes.includes(mode) ? provider.at(text, cursor) : null;
		if (named) return { ...named, provider };
	}
	return null;
}

/** Finds a sign with letters behind it, at the beginning of the text or after a space: `@ca`, `/end`. */
export function signed(sign: '/' | '@' | ':', letters: RegExp) {
	const pattern = new RegExp(`(?:^|\\s)${sign}(?<query>${letters.source})$`, 'u');
	return (text: string, cursor: number): Named | null => {
		const query = pattern.exec(text.slice(0, cursor))?.groups?.['query'];
		return query === undefined ? null : { query, from: cursor - query.length - 1 };
	};
}
