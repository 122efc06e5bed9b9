import { expect, test } from 'vitest';
import { readDialogues } from './dialogue.ts';
import { bakery } from './dialogues/bakery.ts';
import { workshop } from './dialogues/workshop.ts';

test('a dialogue reads as lines of two people', () => {
	expect(readDialogues('> Oi\n^< Olá, {nome}\n> [image] Assim\n\n> Tchau')).toEqual([
		[
			{ direction: 'in', quotes: false, kind: 'text', text: 'Oi' },
			{ direction: 'out', quotes: true, kind: 'text', text: 'Olá, {nome}' },
			{ direction: 'in', quotes: false, kind: 'image', text: 'Assim' }
		],
		[{ direction: 'in', quotes: false, kind: 'text', text: 'Tchau' }]
	]);
});

test('a line nobody could say is refused', () => {
	expect(() => readDialogues('Oi')).toThrow("can't be read: Oi");
	expect(() => readDialogues('> [hologram] x')).toThrow();
	expect(() => readDialogues('>')).toThrow();
});

test('every written dialogue begins with the customer, for only they can open the window', () => {
	for (const dialogue of [...readDialogues(bakery), ...readDialogues(workshop)]) {
		expect(dialogue[0]?.direction).toBe('in');
	}
});
