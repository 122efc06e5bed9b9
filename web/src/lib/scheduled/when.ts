import { m } from '#lib/paraglide/messages.js';

const hour = 3_600_000;

/** What is offered for sending later, with the letter that chooses it in the open menu. */
export const offers = [
	{ letter: '1', label: m.schedule_hour, at: (now: number) => new Date(now + hour) },
	{ letter: 't', label: m.schedule_afternoon, at: (now: number) => at(now, 14) },
	{ letter: 'a', label: m.schedule_tomorrow, at: (now: number) => at(now, 9, 1) },
	{ letter: 's', label: m.schedule_monday, at: (now: number) => at(now, 9, (8 - new Date(now).getDay()) % 7 || 7) }
] as const;

/** An hour of the local clock, so many days on. */
function at(now: number, hours: number, days = 0): Date {
	const date = new Date(now);
	date.setDate(date.getDate() + days);
	date.setHours(hours, 0, 0, 0);
	return date;
}

/** As `datetime-local` fields have it: in local time, without seconds. */
export function fieldOf(date: Date): string {
	const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
	return local.toISOString().slice(0, 16);
}
