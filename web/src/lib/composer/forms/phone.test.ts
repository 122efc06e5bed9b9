import { expect, test } from 'vitest';
import { withCountry } from './phone.ts';

test('a number typed as people in Brazil do gets its country, one with a country keeps it', () => {
	expect(withCountry('(11) 98888-7777')).toBe('5511988887777');
	expect(withCountry('11 3888-7777')).toBe('551138887777');
	expect(withCountry('+1 415 555 0100')).toBe('14155550100');
	expect(withCountry('+55 11 98888-7777')).toBe('5511988887777');
});
