import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { refusal } from '../threads.ts';

const database = useDatabase();
const padaria = uuid('padaria');
const team = uuid('padaria team');

/** Lunch from noon to one, Saturdays till noon. */
const WEEK = {
	...Object.fromEntries(
		[1, 2, 3, 4, 5].map((day) => [
			day,
			[
				['08:00', '12:00'],
				['13:00', '18:00']
			]
		])
	),
	6: [['08:00', '12:00']]
};

const save = (hours: unknown, teamId: string | null = null) =>
	database.as(
		'sofia',
		(sql) => sql`select public.save_business_hours(${padaria}, ${teamId}, ${sql.json(hours as never)})`
	);

async function ask<T>(expression: string): Promise<T> {
	const [row] = await database.owner.unsafe<{ value: T }[]>(`select ${expression} as value`);
	return (row as { value: T }).value;
}

const hoursOf = (teamId: string | null = null) =>
	`private.hours_of('${padaria}', ${teamId === null ? 'null' : `'${teamId}'`})`;
/** An instant as the bakery's clock shows it. */
const local = (expression: string) =>
	ask<string | null>(`to_char((${expression}) at time zone 'America/Sao_Paulo', 'Dy DD HH24:MI')`);
const isOpen = (at: string, teamId: string | null = null) =>
	ask<boolean>(`private.is_open('${padaria}', ${teamId === null ? 'null' : `'${teamId}'`}, '${at}')`);

test('a company without hours is always open and promises nothing', async () => {
	expect(await isOpen('2026-11-22 03:00-03')).toBe(true);
	expect(await ask(`private.due_at('${padaria}', null, now(), true)`)).toBeNull();
	expect(await ask(`private.open_time('${padaria}', null, '2026-11-22 00:00-03', '2026-11-22 06:00-03')::text`)).toBe(
		'06:00:00'
	);
});

test('it is open within its spans alone, the first minute counted and the last not', async () => {
	await save({ week: WEEK, first_reply_minutes: 30, next_reply_minutes: 60 });
	for (const [at, open] of [
		['2026-11-23 07:59-03', false],
		['2026-11-23 08:00-03', true],
		['2026-11-23 12:00-03', false],
		['2026-11-23 17:59-03', true],
		['2026-11-23 18:00-03', false],
		['2026-11-21 11:00-03', true],
		['2026-11-22 11:00-03', false]
	] as const) {
		expect(await isOpen(at), at).toBe(open);
	}
});

test('a promise of 30 minutes made before lunch falls due after it, and one made on Saturday on Monday', async () => {
	const due = (since: string) => local(`private.due_at('${padaria}', null, '${since}', true)`);
	expect(await due('2026-11-23 09:00-03')).toBe('Mon 23 09:30');
	expect(await due('2026-11-23 11:50-03')).toBe('Mon 23 13:20');
	expect(await due('2026-11-21 11:45-03')).toBe('Mon 23 08:15');
	expect(await due('2026-11-22 20:00-03')).toBe('Mon 23 08:30');
	expect(await local(`private.due_at('${padaria}', null, '2026-11-23 17:30-03', false)`)).toBe('Tue 24 08:30');
});

test('a clock that does not pause counts through the night', async () => {
	await save({ pauses_outside: false });
	expect(await local(`private.due_at('${padaria}', null, '2026-11-22 20:00-03', true)`)).toBe('Sun 22 20:30');
	await save({ pauses_outside: true });
});

test('a holiday closes the company, or gives it other hours, once or every year', async () => {
	const add = (holiday: unknown) =>
		database.as('sofia', (sql) => sql`select public.save_holiday(${padaria}, null, ${sql.json(holiday as never)})`);
	await add({ day: '2026-12-25', name: 'Natal', every_year: true });
	await add({ day: '2026-12-24', name: 'Véspera', spans: [['08:00', '11:00']] });
	expect(await isOpen('2026-12-25 10:00-03')).toBe(false);
	expect(await isOpen('2028-12-25 10:00-03')).toBe(false);
	expect(await isOpen('2026-12-24 10:00-03')).toBe(true);
	expect(await isOpen('2026-12-24 11:30-03')).toBe(false);
	expect(await isOpen('2027-12-24 11:30-03')).toBe(true);
	expect(await local(`private.next_change(${hoursOf()}, '2026-12-24 12:00-03', true)`)).toBe('Sat 26 08:00');
	expect(await refusal(add({ day: '2026-12-24', name: 'Outra' }))).toBe('409 holiday_exists');
	expect(await refusal(add({ day: 'amanhã', name: 'Nada' }))).toBe('422 hours_invalid');
});

test('a team with hours of its own keeps them, and the company’s holidays', async () => {
	await save({ week: { 7: [['09:00', '24:00']] }, timezone: 'America/Manaus' }, team);
	expect(await isOpen('2026-11-22 09:30-03', team)).toBe(false);
	expect(await isOpen('2026-11-22 10:30-03', team)).toBe(true);
	expect(await isOpen('2026-11-23 00:30-03', team)).toBe(true);
	expect(await isOpen('2026-11-23 10:00-03', team)).toBe(false);
	expect(await isOpen('2026-11-23 10:00-03')).toBe(true);
	await database.as('sofia', (sql) => sql`select public.delete_business_hours(${padaria}, ${team})`);
	expect(await isOpen('2026-11-23 10:00-03', team)).toBe(true);
});

test('daylight saving moves the instant and not the hour', async () => {
	await save({ timezone: 'America/New_York', week: { 7: [['01:00', '04:00']] } });
	// 8 March 2026: two o'clock does not exist; 1 November: one o'clock is twice, and counts from its second time.
	expect(await ask(`private.open_time('${padaria}', null, '2026-03-08 00:00-05', '2026-03-09 00:00-04')::text`)).toBe(
		'02:00:00'
	);
	expect(await ask(`private.open_time('${padaria}', null, '2026-11-01 00:00-04', '2026-11-02 00:00-05')::text`)).toBe(
		'03:00:00'
	);
	await save({ timezone: 'America/Sao_Paulo', week: WEEK });
});

test('minutes added and time counted are each other’s inverse', async () => {
	const [row] = await database.owner<{ wrong: string }[]>`
		select count(*) as wrong
		from generate_series(timestamptz '2026-11-16 00:07-03', '2026-12-10', interval '7 hours 13 minutes') since
		cross join unnest(array[1, 29, 240, 541, 3000]) minutes
		cross join lateral (select private.add_open_minutes(private.hours_of(${padaria}, null), since, minutes) as due) d
		where private.open_time(${padaria}, null, since, d.due) <> make_interval(mins => minutes)
			or private.is_open(${padaria}, null, d.due - interval '1 microsecond') is not true`;
	expect(row?.wrong).toBe('0');
});

test('what is no week is refused with the rule that it breaks', async () => {
	for (const week of [
		{ 8: [] },
		{ 1: [['18:00', '08:00']] },
		{
			1: [
				['08:00', '12:00'],
				['11:00', '13:00']
			]
		},
		{ 1: [['08:00', '25:00']] },
		{ 1: 'open' },
		[]
	]) {
		expect(await refusal(save({ week })), JSON.stringify(week)).toBe('422 hours_invalid');
	}
	expect(await refusal(save({ timezone: 'Marte/Olimpo' }))).toBe('422 hours_invalid');
	expect(await refusal(save({ away_enabled: true, away_message: ' ' }))).toBe('422 hours_invalid');
	expect(await refusal(save({ week: {} }, uuid('oficina team')))).toBe('404 team_not_found');
});

test('the national holidays of 2026 are those of the official calendar, and come once', async () => {
	const days = await database.owner<{ day: string; optional: boolean }[]>`
		select day::text, optional from private.brazilian_holidays(2026)`;
	expect(days.filter(({ optional }) => !optional).map(({ day }) => day)).toEqual([
		'2026-01-01',
		'2026-04-03',
		'2026-04-21',
		'2026-05-01',
		'2026-09-07',
		'2026-10-12',
		'2026-11-02',
		'2026-11-15',
		'2026-11-20',
		'2026-12-25'
	]);
	expect(days.filter(({ optional }) => optional).map(({ day }) => day)).toEqual([
		'2026-02-16',
		'2026-02-17',
		'2026-06-04'
	]);
	const add = () =>
		database.as(
			'sofia',
			(sql) => sql<{ count: number }[]>`select public.add_brazilian_holidays(${padaria}, 2027) as count`
		);
	expect((await add())[0]?.count).toBe(10);
	expect((await add())[0]?.count).toBe(0);
	expect(await refusal(database.as('sofia', (sql) => sql`select public.add_brazilian_holidays(${padaria}, 12)`))).toBe(
		'422 year_invalid'
	);
});

test('Easter falls where the almanac has it', async () => {
	for (const day of [
		'2000-04-23',
		'2008-03-23',
		'2011-04-24',
		'2025-04-20',
		'2026-04-05',
		'2038-04-25',
		'2160-03-23'
	]) {
		expect(await ask(`private.easter(${day.slice(0, 4)})::text`)).toBe(day);
	}
});
