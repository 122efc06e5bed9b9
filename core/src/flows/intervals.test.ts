import { expect, test } from 'vitest';
import { difference, wilson } from './intervals.ts';

const round = (share: ReturnType<typeof wilson>) => share && [share.low, share.high].map((value) => value.toFixed(4));

test('shares have the intervals that Newcombe 1998 publishes for method 3 (table I)', () => {
	expect(round(wilson(81, 263))).toEqual(['0.2553', '0.3662']);
	expect(round(wilson(15, 148))).toEqual(['0.0624', '0.1605']);
	expect(round(wilson(0, 20))).toEqual(['0.0000', '0.1611']);
	expect(round(wilson(1, 29))).toEqual(['0.0061', '0.1718']);
});

test('differences have the intervals that Newcombe 1998 publishes for method 10 (table II)', () => {
	const of = (hits: number, all: number) => ({ hits, of: all });
	expect(round(difference(of(56, 70), of(48, 80)))).toEqual(['0.0524', '0.3339']);
	expect(round(difference(of(9, 10), of(3, 10)))).toEqual(['0.1705', '0.8090']);
	expect(round(difference(of(6, 7), of(2, 7)))).toEqual(['0.0582', '0.8062']);
	expect(round(difference(of(5, 56), of(0, 29)))).toEqual(['-0.0381', '0.1926']);
	expect(round(difference(of(0, 10), of(0, 20)))).toEqual(['-0.1611', '0.2775']);
	expect(round(difference(of(10, 10), of(0, 10)))).toEqual(['0.6075', '1.0000']);
});

test('of nothing there is no share', () => {
	expect(wilson(0, 0)).toBeNull();
	expect(wilson(3, 2)).toBeNull();
	expect(difference({ hits: 1, of: 2 }, { hits: 0, of: 0 })).toBeNull();
});
