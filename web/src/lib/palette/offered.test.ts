import { expect, test } from 'vitest';
import type { Command, Group } from '#lib/keys/command.ts';
import { offered } from './offered.ts';

const command = (id: string, group: Group, label: string, changes: Partial<Command> = {}): Command => ({
	id,
	group,
	label,
	run: () => undefined,
	...changes
});
const commands = [
	command('close', 'conversation', 'Encerrar'),
	command('next', 'moving', 'Próxima conversa', { keysOnly: true }),
	command('reopen', 'conversation', 'Reabrir', { when: false }),
	command('dark', 'own', 'Escuro', { note: 'Tema' }),
	command('lucia', 'conversations', 'Dona Lúcia', { note: '(11) 98765-4321' })
];
const ids = (query: string, done: string[] = [], found: Command[] = []) =>
	offered(commands, query, done, found).map(({ name, commands }) => [name, ...commands.map(({ id }) => id)]);

test('what was done last stands first, and not twice; what can’t be done now is left out', () => {
	expect(ids('', ['dark', 'reopen', 'gone'])).toEqual([
		['recent', 'dark'],
		['conversation', 'close'],
		['conversations', 'lucia']
	]);
});

test('the group with the best fit stands first', () => {
	expect(ids('esc')).toEqual([['own', 'dark']]);
	expect(ids('lucia')).toEqual([['conversations', 'lucia']]);
	expect(ids('98765')).toEqual([['conversations', 'lucia']]);
});

test('people that the database found are added, once', () => {
	const found = [command('lucia', 'conversations', 'Dona Lúcia'), command('far', 'conversations', 'Lucia de longe')];
	expect(ids('lucia', [], found)).toEqual([['conversations', 'lucia', 'far']]);
});
