import { expect, test } from 'vitest';
import { areSpans, nextSpan, openMinutes, readTime, wrongDay, type Week } from './week.ts';

test('spans follow one another and never touch', () => {
	expect(
		areSpans([
			['08:00', '12:00'],
			['13:00', '18:00']
		])
	).toBe(true);
	expect(
		areSpans([
			['08:00', '12:00'],
			['12:00', '18:00']
		])
	).toBe(false);
	expect(areSpans([['18:00', '08:00']])).toBe(false);
	expect(areSpans([])).toBe(true);
});

test('the day that is wrong is named', () => {
	const week: Week = { 1: [['08:00', '18:00']], 3: [['09:00', '09:00']] };
	expect(wrongDay(week)).toBe('3');
	expect(wrongDay({ 1: [['08:00', '18:00']] })).toBeNull();
});

test('what is offered next is always a span that can be saved', () => {
	let spans = [] as NonNullable<ReturnType<typeof nextSpan>>[];
	for (let next = nextSpan(spans); next; next = nextSpan(spans)) {
		spans = [...spans, next];
		expect(areSpans(spans), JSON.stringify(spans)).toBe(true);
	}
	expect(spans[0]).toEqual(['08:00', '18:00']);
	expect(nextSpan([['08:00', '24:00']])).toBeNull();
	expect(nextSpan([['08:00', '12:00']])).toEqual(['13:00', '18:00']);
});

test('a week is so many minutes long', () => {
	expect(openMinutes({ 1: [['08:00', '12:00']], 7: [['00:00', '24:00']] })).toBe(240 + 1440);
});

test('a time may be typed as people write it', () => {
	const typed = ['8', '08', '8h', '8h30', '830', '0830', '8:30', '18.45', '24', '24:00', ' 9 '];
	expect(typed.map(readTime)).toEqual([
		...['08:00', '08:00', '08:00', '08:30', '08:30', '08:30', '08:30', '18:45', '24:00', '24:00', '09:00']
	]);
	expect(['', '25', '24:30', '8:60', 'oito', '12345', '8:3'].map(readTime)).toEqual(Array(7).fill(null));
});
