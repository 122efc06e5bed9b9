import { expect, test } from 'vitest';
import { compareInstants, earlierBy, later, millisOf } from './instant.ts';

test('microseconds decide which of two changes is newer', () => {
	expect(compareInstants('2026-11-21T10:00:00.123457+00:00', '2026-11-21T10:00:00.123456+00:00')).toBeGreaterThan(0);
	// Postgres drops trailing zeros.
	expect(compareInstants('2026-11-21T10:00:00.12+00:00', '2026-11-21T10:00:00.120001+00:00')).toBeLessThan(0);
	expect(compareInstants('2026-11-21T10:00:00+00:00', '2026-11-21T10:00:00.000001+00:00')).toBeLessThan(0);
});

test('text that sorts as time does gives the same order as the time it names', () => {
	const fractions = ['', '.000001', '.1', '.100001', '.12', '.5', '.999999'];
	const written = fractions.map((fraction) => `2026-11-21T10:00:00${fraction}+00:00`);
	const elsewhere = fractions.map((fraction) => `2026-11-21T07:00:00${fraction}-03:00`);
	for (const [i, a] of written.entries()) {
		for (const [j, b] of elsewhere.entries()) expect(Math.sign(compareInstants(a, b))).toBe(Math.sign(i - j));
		for (const [j, b] of written.entries()) expect(Math.sign(compareInstants(a, b))).toBe(Math.sign(i - j));
	}
});

test('zones do not change the order', () => {
	expect(compareInstants('2026-11-21T07:00:00.5-03:00', '2026-11-21T10:00:00.5Z')).toBe(0);
});

test('what never happened comes before everything', () => {
	expect(later(null, '2026-11-21T10:00:00+00:00')).toBe('2026-11-21T10:00:00+00:00');
	expect(compareInstants('-infinity', '0001-01-01T00:00:00+00:00')).toBeLessThan(0);
	expect(millisOf('-infinity')).toBeNull();
});

test('an overlap is never later than asked for', () => {
	expect(earlierBy('2026-11-21T10:00:10.999999+00:00', 10)).toBe('2026-11-21T10:00:00.999Z');
});
