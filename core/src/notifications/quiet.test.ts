import { expect, test } from 'vitest';
import { isQuiet, localMoment } from './quiet.ts';

const night = { quiet_from: '22:00:00', quiet_until: '07:00:00', quiet_days: [0] };

test('a quiet night goes over midnight', () => {
	expect(isQuiet(night, 5, '23:30')).toBe(true);
	expect(isQuiet(night, 6, '06:59')).toBe(true);
	expect(isQuiet(night, 6, '07:00')).toBe(false);
	expect(isQuiet(night, 6, '21:59')).toBe(false);
});

test('a quiet day is quiet from its first minute to its last', () => {
	expect(isQuiet(night, 0, '00:00')).toBe(true);
	expect(isQuiet(night, 0, '12:00')).toBe(true);
});

test('a lunch hour is quiet, and nobody who set nothing is', () => {
	const lunch = { quiet_from: '12:00', quiet_until: '13:00', quiet_days: [] };
	expect(isQuiet(lunch, 1, '12:30')).toBe(true);
	expect(isQuiet(lunch, 1, '13:00')).toBe(false);
	expect(isQuiet({ quiet_from: null, quiet_until: null, quiet_days: [] }, 1, '03:00')).toBe(false);
});

test('the clock is the person’s own', () => {
	const at = new Date('2026-11-22T01:30:00Z');
	expect(localMoment(at, 'America/Sao_Paulo')).toEqual({ day: 6, time: '22:30' });
	expect(localMoment(at, 'Europe/Lisbon')).toEqual({ day: 0, time: '01:30' });
});
