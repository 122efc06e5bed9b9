import { expect, test } from 'vitest';
import { areSpans, nextSpan, openMinutes, wrongDay, type Week } from './week.ts';

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
