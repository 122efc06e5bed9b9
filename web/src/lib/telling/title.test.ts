import { expect, test } from 'vitest';
import { badgedTitle } from './title.ts';

test('the title says how much waits, once, and nothing when nothing does', () => {
	expect(badgedTitle('Caixa de entrada', 3)).toBe('(3) Caixa de entrada');
	expect(badgedTitle('(3) Caixa de entrada', 4)).toBe('(4) Caixa de entrada');
	expect(badgedTitle('(99+) Caixa de entrada', 250)).toBe('(99+) Caixa de entrada');
	expect(badgedTitle('(3) Caixa de entrada', 0)).toBe('Caixa de entrada');
});
