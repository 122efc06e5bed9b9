import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const textOf = (locale: string) => readFileSync(new URL(`../../../messages/${locale}.json`, import.meta.url), 'utf8');
const keysOf = (text: string) => [...text.matchAll(/^ {2}"([^"]+)":/gm)].map((match) => match[1] ?? '');

test.each(['pt-BR', 'en'])('each message of %s stands there once: of two the later would silently win', (locale) => {
	const keys = keysOf(textOf(locale));
	expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
	expect(keys.toSorted()).toEqual(Object.keys(JSON.parse(textOf(locale)) as object).toSorted());
});

test('what is said in one language is said in the other', () => {
	expect(keysOf(textOf('en')).toSorted()).toEqual(keysOf(textOf('pt-BR')).toSorted());
});
