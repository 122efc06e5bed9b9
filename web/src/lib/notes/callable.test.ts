import { expect, test } from 'vitest';
import { findCallees } from './callable.svelte.ts';

const callees = [
	{ id: '1', name: 'Mariana Lopes', team: false },
	{ id: '2', name: 'Ana Souza', team: false },
	{ id: '3', name: 'João Ananias', team: false },
	{ id: '4', name: 'Vendas', team: true }
];
const found = (query: string) => findCallees(callees, query, 7).map(({ name }) => name);

test('a name is found by how it begins, and by any of its words after that', () => {
	expect(found('ana')).toEqual(['Ana Souza', 'João Ananias']);
	expect(found('JOAO')).toEqual(['João Ananias']);
	expect(found('')).toHaveLength(4);
});

test('teams are found by their name and as teams', () => {
	expect(found('vend')).toEqual(['Vendas']);
	expect(found('equipe')).toEqual(['Vendas']);
});

test('once a whole name is written, nothing is suggested any more', () => {
	expect(found('Ana Souza')).toEqual(['Ana Souza']);
	expect(found('Ana Souza ')).toEqual([]);
	expect(found('Ana Souza veja')).toEqual([]);
});
