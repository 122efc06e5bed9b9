import { expect, test } from 'vitest';
import { findEmoji, loadEmoji, recentEmoji, rememberEmoji } from './emoji.ts';
import { namedAt } from './named.ts';

test('an emoji is found by its Portuguese name, with or without accents', async () => {
	const all = await loadEmoji('pt-BR');
	const found = (query: string) => findEmoji(all, query, 12).map(({ unicode }) => unicode);
	expect(all.length).toBeGreaterThan(1500);
	expect(found('coração')).toEqual(found('coracao'));
	expect(found('coracao')).toContain('❤️');
	expect(found('bolo')).toContain('🎂');
	expect(found('   ')).toEqual([]);
});

test('a colon names an emoji at the beginning of a word, not in an hour or an address', () => {
	expect(namedAt('Parabéns :bol', 13)).toEqual({ query: 'bol', from: 9 });
	expect(namedAt('às 10:30', 8)).toBeNull();
	expect(namedAt('https://x', 9)).toBeNull();
	expect(namedAt(':b', 2)).toBeNull();
});

test('what was used last comes first, once', () => {
	const kept = new Map<string, string>();
	const store = {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value)
	};
	for (const emoji of ['🎂', '👍', '🎂']) rememberEmoji(store, emoji);
	expect(recentEmoji(store)).toEqual(['🎂', '👍']);
	expect(recentEmoji({ getItem: () => '{broken' })).toEqual([]);
});
