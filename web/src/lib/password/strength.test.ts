import { expect, test } from 'vitest';
import { strengthOf } from './strength.ts';

test.each([
	['12345678', 'common'],
	['senha123', 'common'],
	['carolina', 'word'],
	['aaaaaaaa', 'pattern'],
	['12/05/1990', 'date'],
	['mercearia1', 'own']
])('%s is easy to guess, and it is said why', (password, fault) => {
	const strength = strengthOf(password, ['Ana Souza', 'ana@mercearia.com.br', 'Mercearia da Ana']);
	expect(strength.score).toBeLessThan(2);
	expect(strength.fault).toBe(fault);
});

test('a short sentence is strong, and nothing is said against it', () => {
	expect(strengthOf('cavalo bateria grampo', ['Ana'])).toEqual({ score: 4, fault: null });
});

test('a very long one is judged by its first forty letters', () => {
	const long = 'abc1'.repeat(5_000);
	expect(strengthOf(long, [])).toEqual(strengthOf(long.slice(0, 40), []));
});
