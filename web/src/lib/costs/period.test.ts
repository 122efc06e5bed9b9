import { expect, test } from 'vitest';
import { daysOf, monthFrom, monthName, shift } from './period.ts';

test('an address without a month, or with a strange or future one, shows this month', () => {
	for (const asked of [null, '', '2026-13', 'november', '2027-01'])
		expect(monthFrom(asked, '2026-11-21')).toBe('2026-11');
	expect(monthFrom('2026-10', '2026-11-21')).toBe('2026-10');
});

test('a month has its own last day, in leap years too', () => {
	expect(daysOf('2026-11')).toEqual({ since: '2026-11-01', until: '2026-11-30' });
	expect(daysOf('2028-02')).toEqual({ since: '2028-02-01', until: '2028-02-29' });
});

test('months are walked over the turn of the year, and have a name in both languages', () => {
	expect(shift('2026-12', 1)).toBe('2027-01');
	expect(shift('2026-01', -1)).toBe('2025-12');
	expect(monthName('2026-11', 'pt-BR')).toBe('novembro de 2026');
	expect(monthName('2026-11', 'en')).toBe('November 2026');
});
