import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barsOf, durationText } from './waveform.ts';

test('a waveform is drawn with as many bars as there is room for, and its loudest moment is never lost', () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 64 }),
			fc.integer({ min: 1, max: 80 }),
			(waveform, bars) => {
				const drawn = barsOf(waveform, bars);
				expect(drawn).toHaveLength(bars);
				expect(Math.max(...drawn)).toBeCloseTo(Math.max(...waveform) / 100);
				expect(drawn.every((height) => height >= 0 && height <= 1)).toBe(true);
			}
		)
	);
});

test('as many heights as bars are drawn as they are', () => {
	expect(barsOf([0, 50, 100], 3)).toEqual([0, 0.5, 1]);
});

test('a voice without a waveform yet is a flat line', () => {
	expect(barsOf(null, 4)).toEqual([0, 0, 0, 0]);
	expect(barsOf([], 2)).toEqual([0, 0]);
});

test('lengths read as on a clock', () => {
	expect([0, 7.9, 65, 3725, Number.NaN, Infinity].map(durationText)).toEqual([
		'0:00',
		'0:07',
		'1:05',
		'1:02:05',
		'0:00',
		'0:00'
	]);
});
