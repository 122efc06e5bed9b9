import { expect, test } from 'vitest';
import { said } from './samples.testing.ts';
import { Trigger, triggeredBy, type Arrival } from './triggers.ts';

const arrival = (text: string, more: Partial<Arrival> = {}): Arrival => ({
	message: said(text),
	is_first: false,
	ad: null,
	open: true,
	...more
});
const all = [
	{ id: 'first', trigger: Trigger.parse({ type: 'first_message' }) },
	{ id: 'closed', trigger: Trigger.parse({ type: 'outside_hours' }) },
	{ id: 'ad', trigger: Trigger.parse({ type: 'ad', ads: ['42'] }) },
	{ id: 'pattern', trigger: Trigger.parse({ type: 'pattern', pattern: 'pedido\\s+\\d+' }) },
	{ id: 'menu', trigger: Trigger.parse({ type: 'keyword', words: ['Menu', 'início'] }) },
	{ id: 'bolo', trigger: Trigger.parse({ type: 'keyword', words: ['bolo'], match: 'contains' }) }
];
const found = (one: Arrival) => triggeredBy(all, one)?.id ?? null;

test.each<[string, Arrival, string | null]>([
	['a word in any case, with any signs', arrival('*MENU*!'), 'menu'],
	['a word without its accent', arrival('inicio'), 'menu'],
	['no word within another', arrival('menus'), null],
	['a word within a sentence, where that is asked', arrival('quero um bolo, por favor'), 'bolo'],
	['not a part of a word', arrival('bolota'), null],
	['a pattern', arrival('cadê o pedido 123?'), 'pattern'],
	['an ad', arrival('oi', { ad: '42', is_first: true }), 'ad'],
	['no other ad', arrival('oi', { ad: '43' }), null],
	['the first message', arrival('oi', { is_first: true }), 'first'],
	['closed doors before the first message', arrival('oi', { is_first: true, open: false }), 'closed'],
	['a word before everything else', arrival('menu', { is_first: true, open: false, ad: '42' }), 'menu']
])('is set off by %s', (_, given, expected) => expect(found(given)).toBe(expected));

test('a trigger that could hang is none', () => {
	expect(Trigger.safeParse({ type: 'pattern', pattern: '(?=a)' }).success).toBe(false);
});
