import { expect, test } from 'vitest';
import { pieces, unmarked } from './marked.ts';

test('a found text falls into pieces, its hits marked', () => {
	expect(pieces('Tem \uE000pão\uE001 de \uE000queijo\uE001?')).toEqual([
		{ text: 'Tem ', hit: false },
		{ text: 'pão', hit: true },
		{ text: ' de ', hit: false },
		{ text: 'queijo', hit: true },
		{ text: '?', hit: false }
	]);
});

test('a hit that the excerpt cut off is still a hit, and markup stays text', () => {
	expect(pieces('<b>oi</b> \uE000pro')).toEqual([
		{ text: '<b>oi</b> ', hit: false },
		{ text: 'pro', hit: true }
	]);
	expect(unmarked('<b>\uE000oi\uE001')).toBe('<b>oi');
	expect(pieces('')).toEqual([]);
});
