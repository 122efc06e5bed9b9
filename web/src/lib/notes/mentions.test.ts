import { expect, test } from 'vitest';
import { calledIn, stillCalled } from './mentions.ts';

test('a note is split at the names it calls', () => {
	expect(calledIn('Oi @Ana Souza, veja com @Vendas.', ['Ana Souza', 'Vendas'])).toEqual([
		{ text: 'Oi ', called: false },
		{ text: '@Ana Souza', called: true },
		{ text: ', veja com ', called: false },
		{ text: '@Vendas', called: true },
		{ text: '.', called: false }
	]);
});

test('a longer name wins over the one it begins with, and a name inside a word is none', () => {
	expect(calledIn('@Ana Souza', ['Ana', 'Ana Souza'])).toEqual([{ text: '@Ana Souza', called: true }]);
	expect(calledIn('@Anabela', ['Ana'])).toEqual([{ text: '@Anabela', called: false }]);
	expect(calledIn('@João (Loja 2)', ['João (Loja 2)'])[0]?.called).toBe(true);
});

test('a note that calls nobody stays whole, whatever stands behind an @', () => {
	expect(calledIn('a@b.com', [])).toEqual([{ text: 'a@b.com', called: false }]);
});

test('whoever was rubbed out of the text is not called', () => {
	const people = [
		{ id: '1', name: 'Ana' },
		{ id: '2', name: 'Ana Souza' },
		{ id: '3', name: 'Caio' }
	];
	expect(stillCalled('@Ana Souza e @Caio', people)).toEqual(['2', '3']);
	expect(stillCalled('Ana e Caio', people)).toEqual([]);
});
