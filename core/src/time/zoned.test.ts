import fc from 'fast-check';
import { expect, test } from 'vitest';
import { millisAt, wallOf } from './zoned.ts';

const iso = (millis: number) => new Date(millis).toISOString();

test('nine in the morning is nine where the company is', () => {
	const nine = { year: 2026, month: 11, day: 23, hour: 9, minute: 0 };
	expect(iso(millisAt('America/Sao_Paulo', nine))).toBe('2026-11-23T12:00:00.000Z');
	expect(iso(millisAt('America/Manaus', nine))).toBe('2026-11-23T13:00:00.000Z');
	expect(iso(millisAt('Asia/Kolkata', nine))).toBe('2026-11-23T03:30:00.000Z');
});

test('days run on over the end of a month and of a year', () => {
	expect(iso(millisAt('America/Sao_Paulo', { year: 2026, month: 12, day: 32, hour: 9, minute: 0 }))).toBe(
		'2027-01-01T12:00:00.000Z'
	);
});

test('a skipped hour is the one after, an hour shown twice is the first', () => {
	const skipped = { year: 2026, month: 3, day: 8, hour: 2, minute: 30 };
	expect(iso(millisAt('America/New_York', skipped))).toBe('2026-03-08T07:30:00.000Z');
	const twice = { year: 2026, month: 11, day: 1, hour: 1, minute: 30 };
	expect(iso(millisAt('America/New_York', twice))).toBe('2026-11-01T05:30:00.000Z');
});

test('whatever a zone’s clocks show leads back to its moment, but for an hour shown twice', () => {
	const zones = [
		'America/Sao_Paulo',
		'America/New_York',
		'Europe/Lisbon',
		'Asia/Kolkata',
		'Australia/Lord_Howe',
		'UTC'
	];
	fc.assert(
		fc.property(fc.constantFrom(...zones), fc.integer({ min: 26_000_000, max: 33_000_000 }), (zone, minutes) => {
			const at = minutes * 60_000;
			const back = millisAt(zone, wallOf(at, zone));
			expect(at - back === 0 || (at - back > 0 && at - back <= 3_600_000)).toBe(true);
			expect(wallOf(back, zone)).toEqual(wallOf(at, zone));
		})
	);
});
