import { expect, test } from 'vitest';
import { mentionsIn } from './mentions.ts';

const members = [
	{ user_id: 'ana', display_name: 'Ana' },
	{ user_id: 'anasouza', display_name: 'Ana Souza' },
	{ user_id: 'caio', display_name: 'Caio' }
];

test('a note mentions those it names, and not whoever has the beginning of a name', () => {
	expect(mentionsIn('@Ana Souza, pode ver com o @Caio?', members).sort()).toEqual(['anasouza', 'caio']);
	expect(mentionsIn('Ana e Caio já sabem', members)).toEqual([]);
	expect(mentionsIn('@Ana e @Ana Souza', members).sort()).toEqual(['ana', 'anasouza']);
});
