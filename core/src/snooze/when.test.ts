import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choices, meant } from './when.ts';

const zone = 'America/Sao_Paulo';
/** Saturday, 21 November 2026, 14:05 in São Paulo. */
const now = Date.parse('2026-11-21T17:05:00Z');
const local = (at: number | null) =>
	at === null
		? null
		: new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
const first = (text: string, locale = 'pt-BR') => local(meant(text, now, zone, locale)[0] ?? null);

describe('what is offered', () => {
	test('on a Saturday afternoon: later, tomorrow, Monday, next week, and until the customer answers', () => {
		expect(choices(now, zone).map(({ id, at }) => [id, local(at)])).toEqual([
			['later', '2026-11-21 17:30'],
			['tomorrow', '2026-11-22 09:00'],
			['monday', '2026-11-23 09:00'],
			['next_week', '2026-11-28 09:00'],
			['answer', null]
		]);
	});

	test('late in the evening nothing is later today, and on a Sunday Monday is tomorrow', () => {
		const sunday = Date.parse('2026-11-23T01:00:00Z');
		expect(choices(sunday, zone).map(({ id }) => id)).toEqual(['tomorrow', 'next_week', 'answer']);
	});

	test('on a Monday, next week is Monday', () => {
		const monday = Date.parse('2026-11-23T13:00:00Z');
		expect(choices(monday, zone).map(({ id }) => id)).toEqual(['later', 'tomorrow', 'monday', 'answer']);
	});
});

describe('what is typed', () => {
	test.each([
		['30min', '2026-11-21 14:35'],
		['2h', '2026-11-21 16:05'],
		['1h30', '2026-11-21 15:35'],
		['em 45 minutos', '2026-11-21 14:50'],
		['3 dias', '2026-11-24 09:00'],
		['2 semanas', '2026-12-05 09:00'],
		['amanhã', '2026-11-22 09:00'],
		['amanha 15h', '2026-11-22 15:00'],
		['amanhã às 8h30', '2026-11-22 08:30'],
		['hoje', '2026-11-21 18:00'],
		['hoje 16:45', '2026-11-21 16:45'],
		['seg', '2026-11-23 09:00'],
		['sexta 14:30', '2026-11-27 14:30'],
		['sábado 10h', '2026-11-28 10:00'],
		['sábado 16h', '2026-11-21 16:00'],
		['25/12', '2026-12-25 09:00'],
		['20/11', '2027-11-20 09:00'],
		['25/12/2026 7:15', '2026-12-25 07:15'],
		['15h', '2026-11-21 15:00'],
		['13:00', '2026-11-22 13:00'],
		['2026-12-01', '2026-12-01 09:00']
	])('%s', (text, expected) => {
		expect(first(text)).toBe(expected);
	});

	test.each([
		['tomorrow 3pm', '2026-11-22 15:00'],
		['fri', '2026-11-27 09:00'],
		['12/25', '2026-12-25 09:00'],
		['in 2 hours', '2026-11-21 16:05'],
		['12am', '2026-11-22 00:00'],
		['monday at 10am', '2026-11-23 10:00']
	])('%s in English', (text, expected) => {
		expect(first(text, 'en')).toBe(expected);
	});

	test('two hours may also be two o’clock: both are offered', () => {
		expect(meant('2h', now, zone, 'pt-BR').map(local)).toEqual(['2026-11-21 16:05', '2026-11-22 02:00']);
		expect(meant('16h', now, zone, 'pt-BR').map(local)).toEqual(['2026-11-21 16:00', '2026-11-22 06:05']);
	});

	test('what means nothing, or what is over, is nothing', () => {
		for (const text of [
			'',
			'x',
			'99',
			'31/02',
			'hoje 9h',
			'ontem',
			'13pm',
			'01/01/2020',
			'amanhã xyz',
			'__proto__',
			'constructor'
		]) {
			expect(meant(text, now, zone, 'pt-BR'), text).toEqual([]);
		}
	});

	test('whatever is typed, what comes of it is later than now and within two years', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 20 }), fc.integer({ min: 0, max: 1e6 }), (text, minutes) => {
				const at = now + minutes * 60_000;
				for (const one of meant(text, at, zone, 'pt-BR')) expect(one > at && one < at + 731 * 86_400_000).toBe(true);
			})
		);
	});
});
