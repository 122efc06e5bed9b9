import { expect, test } from 'vitest';
import { newsOf, type Known } from './news.ts';
import { noteTemplate, recentFirst, recentTemplates } from './recent.ts';
import { prefill, suggestionsFor } from './suggest.ts';

const known: Known = {
	name: 'oi',
	status: 'APPROVED',
	quality: 'GREEN',
	category: 'UTILITY',
	next_category: null,
	refusal: null
};

test('what hurts is told, what heals by itself is not', () => {
	expect(newsOf(known, { ...known, status: 'PAUSED' })?.bad).toBe(true);
	expect(newsOf(known, { ...known, status: 'REJECTED' })?.bad).toBe(true);
	expect(newsOf({ ...known, status: 'PENDING' }, known)?.bad).toBe(false);
	expect(newsOf(known, { ...known, quality: 'YELLOW' })?.bad).toBe(true);
	expect(newsOf(known, { ...known, category: 'MARKETING' })?.bad).toBe(true);
	expect(newsOf(known, { ...known, next_category: 'MARKETING' })?.bad).toBe(true);
	expect(newsOf(known, { ...known, refusal: {} })?.bad).toBe(true);
	expect(newsOf({ ...known, quality: 'RED' }, known)).toBeNull();
	expect(newsOf({ ...known, quality: 'UNKNOWN' }, known)).toBeNull();
	expect(newsOf(known, known)).toBeNull();
});

test('what was sent last stands first', () => {
	const kept = new Map<string, string>();
	const store = {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, text: string) => void kept.set(key, text)
	};
	for (const id of ['a', 'b', 'a']) noteTemplate(store, id);
	expect(recentTemplates(store)).toEqual(['a', 'b']);
	expect(recentFirst([{ id: 'c' }, { id: 'b' }, { id: 'a' }], ['a', 'b']).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
	expect(recentTemplates({ ...store, getItem: () => '{' })).toEqual([]);
});

test('a field that asks for the name is filled with the first one', () => {
	const ana = { name: 'Ana Ribeiro', phone: '5511987650001' };
	const field = {
		id: 'body.nome',
		part: 'body' as const,
		card: null,
		name: 'nome',
		kind: 'text' as const,
		example: ''
	};
	expect(prefill(field, ana)).toBe('Ana');
	expect(prefill({ ...field, name: '1', example: 'Marina' }, ana)).toBe('Ana');
	expect(prefill({ ...field, name: '1', example: '1042' }, ana)).toBe('');
	expect(prefill({ ...field, name: 'horario' }, ana)).toBe('');
	expect(suggestionsFor(ana)).toEqual(['Ana', 'Ana Ribeiro', '+5511987650001']);
	expect(suggestionsFor({ name: null, phone: null })).toEqual([]);
});
