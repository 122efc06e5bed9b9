import { expect, test } from 'vitest';
import { rankOf } from './rank.ts';

const sorted = (query: string, labels: string[]) =>
	labels
		.map((label) => ({ label, rank: rankOf(query, label) }))
		.filter(({ rank }) => rank > 0)
		.sort((a, b) => b.rank - a.rank)
		.map(({ label }) => label);

test('what begins with the words stands before what only holds them', () => {
	expect(sorted('lista', ['Ver a lista', 'Lista de opções', 'Especialista', 'Fechar'])).toEqual([
		'Lista de opções',
		'Ver a lista',
		'Especialista'
	]);
});

test('accents, case and the order of words don’t matter', () => {
	expect(rankOf('opcoes LISTA', 'Lista de opções')).toBeGreaterThan(0);
	expect(rankOf('joao', 'João')).toBeGreaterThan(rankOf('joao', 'João da Silva'));
});

test('first letters of words find them', () => {
	expect(sorted('aam', ['Atribuir a mim', 'Adiar', 'Mensagem'])).toEqual(['Atribuir a mim']);
	expect(rankOf('xyz', 'Atribuir a mim')).toBe(0);
});

test('a note is looked at too, and weighs less', () => {
	expect(rankOf('98765', 'Rita', '(11) 98765-4321')).toBeGreaterThan(0);
	expect(rankOf('tema', 'Escuro', 'Tema')).toBeLessThan(rankOf('tema', 'Tema'));
});
