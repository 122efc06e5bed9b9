/** The languages every sentence of ours exists in; the first is the default. */
export const LOCALES = ['pt-BR', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** One sentence in every language. */
export type Sentences = Record<Locale, string>;

/** The language to use for what a browser, a tenant or a header says: pt, pt-PT and pt-BR are pt-BR, all else en. */
export function localeOf(tag: string | null | undefined): Locale {
	return tag === undefined || tag === null || /^pt\b/i.test(tag) ? 'pt-BR' : 'en';
}
