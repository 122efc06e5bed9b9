import { expect, test } from 'vitest';
import { hueOf, initialsOf } from './avatar.ts';

test('a name gives its first and last initials, whatever stands around them', () => {
	expect(initialsOf('Dona Lúcia de Souza')).toBe('DS');
	expect(initialsOf('élcio')).toBe('É');
	expect(initialsOf('🌻 Bia 🌻')).toBe('B');
});

test('someone known only by number is told by its end', () => {
	expect(initialsOf('+55 11 98888-7766')).toBe('66');
	expect(initialsOf('')).toBe('?');
});

test('a person keeps their colour', () => {
	expect(hueOf('a1b2')).toBe(hueOf('a1b2'));
	expect(hueOf('a1b2')).not.toBe(hueOf('a1b3'));
});
