import { expect, test } from 'vitest';
import { placeOf } from './target.ts';

const teams = [
	{ id: 'sales', name: 'Vendas', memberIds: ['ana', 'caio'] },
	{ id: 'support', name: 'Suporte', memberIds: ['ana', 'duda'] }
];

test('to a team, it waits there for whoever is next', () => {
	expect(placeOf({ kind: 'team', id: 'support', name: 'Suporte' }, 'sales', teams)).toEqual({
		teamId: 'support',
		assigneeId: null
	});
});

test('to a person of its team, it stays in the team', () => {
	expect(placeOf({ kind: 'person', id: 'ana', name: 'Ana' }, 'support', teams)).toEqual({
		teamId: 'support',
		assigneeId: 'ana'
	});
});

test('to a person of another team, it goes to that team', () => {
	expect(placeOf({ kind: 'person', id: 'duda', name: 'Duda' }, 'sales', teams)).toEqual({
		teamId: 'support',
		assigneeId: 'duda'
	});
});

test('to a person of several other teams, or of none, it is theirs alone', () => {
	expect(placeOf({ kind: 'person', id: 'ana', name: 'Ana' }, null, teams).teamId).toBeNull();
	expect(placeOf({ kind: 'person', id: 'bia', name: 'Bia' }, 'sales', teams).teamId).toBeNull();
});
