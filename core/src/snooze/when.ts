import { fold } from '../text/fold.ts';
import { millisAt, wallOf, type Wall } from '../time/zoned.ts';

/** A moment to snooze until, in milliseconds; null: only until the customer answers. */
export interface Choice {
	id: 'later' | 'tomorrow' | 'monday' | 'next_week' | 'answer';
	at: number | null;
}

/** When a day begins, for what is put off to another day. */
const morning = 9;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The moments one snoozes until most, seen from now on the clocks of a zone. What makes no sense today is left out. */
export function choices(now: number, zone: string): Choice[] {
	const today = wallOf(now, zone);
	const later = Math.ceil((now + 3 * hour) / (30 * minute)) * 30 * minute;
	const toMonday = (8 - today.weekday) % 7 || 7;
	const inDays = (days: number) => millisAt(zone, { ...today, day: today.day + days, hour: morning, minute: 0 });
	const sameDay = wallOf(later, zone).day === today.day && wallOf(later, zone).hour < 21;
	return [
		...(sameDay ? [{ id: 'later' as const, at: later }] : []),
		{ id: 'tomorrow', at: inDays(1) },
		...(toMonday > 1 ? [{ id: 'monday' as const, at: inDays(toMonday) }] : []),
		...(toMonday < 7 ? [{ id: 'next_week' as const, at: inDays(7) }] : []),
		{ id: 'answer', at: null }
	];
}

/** By what people call them: a word somebody wrote, so no plain object, which knows `constructor`. */
const weekdays = new Map<string, number>();
for (const [number, names] of [
	'dom domingo sun sunday',
	'seg segunda segunda-feira mon monday',
	'ter terca terca-feira tue tuesday',
	'qua quarta quarta-feira wed wednesday',
	'qui quinta quinta-feira thu thursday',
	'sex sexta sexta-feira fri friday',
	'sab sabado sat saturday'
].entries())
	for (const name of names.split(' ')) weekdays.set(name, number);

const units: [RegExp, number][] = [
	[/^(?:m|min|mins|minutos?|minutes?)$/, minute],
	[/^(?:h|hs|hora|horas|hours?|hr|hrs)$/, hour],
	[/^(?:d|dias?|days?)$/, day],
	[/^(?:sem|semanas?|w|weeks?)$/, 7 * day]
];

/**
 * What somebody may mean by a few letters, likeliest first, all later than now: `30min`, `2h`, `3 dias`, `amanhã 15h`,
 * `sex 14:30`, `25/12`, `25/12 9h`, `9am`. Months come first in English (`en`), days elsewhere. Empty: nothing we know.
 */
export function meant(text: string, now: number, zone: string, locale: string): number[] {
	const words = fold(text)
		.replace(/^(?:em|daqui a|daqui|in|ate|until|on|na|no|dia)\s+/, '')
		.replace(/\s+(?:as|at|a)\s+/, ' ')
		.trim();
	const today = wallOf(now, zone);
	const found = [span(words, now, zone), moment(words, today, zone, locale, now)];
	// `15h` says a time of day more often than fifteen hours; `2h` the other way round.
	const clockFirst = /^(?:1[3-9]|2[0-3])\s?h/.test(words);
	const ordered = clockFirst ? found.toReversed() : found;
	return [...new Set(ordered.filter((at) => at !== null && at > now && at < now + 730 * day))] as number[];
}

/** `2h`, `1h30`, `3 dias`, `2 semanas`: so long from now. */
function span(words: string, now: number, zone: string): number | null {
	const parts = /^(?<count>\d{1,4})\s?(?<unit>[a-z]+)(?<rest>\d{1,2})?$/.exec(words)?.groups;
	if (!parts?.['count'] || !parts['unit']) return null;
	const unit = units.find(([pattern]) => pattern.test(parts['unit'] ?? ''))?.[1];
	if (unit === undefined || (parts['rest'] && unit !== hour)) return null;
	const count = Number(parts['count']);
	// Days keep the time of day, whatever the clocks do meanwhile.
	if (unit >= day) {
		const wall = wallOf(now, zone);
		return millisAt(zone, { ...wall, day: wall.day + count * (unit / day), hour: morning, minute: 0 });
	}
	return now + count * unit + Number(parts['rest'] ?? 0) * minute;
}

/** A day, a time, or both. */
function moment(words: string, today: Wall, zone: string, locale: string, now: number): number | null {
	const [first = '', ...others] = words.split(' ');
	const dated = dateOf(first, today, locale);
	const time = timeOf((dated ? others : [first, ...others]).join(' '));
	if (dated) {
		if (others.length > 0 && !time) return null;
		const { hour: at, minute: past } = time ?? {
			hour: first === 'hoje' || first === 'today' ? 18 : morning,
			minute: 0
		};
		const chosen = millisAt(zone, { ...dated.date, hour: at, minute: past });
		// `25/11` on the 26th is next year's, `sexta` on a Friday afternoon the next one.
		if (chosen > now || !dated.again) return chosen;
		const { years = 0, days = 0 } = dated.again;
		return millisAt(zone, {
			...dated.date,
			year: dated.date.year + years,
			day: dated.date.day + days,
			hour: at,
			minute: past
		});
	}
	if (!time) return null;
	const atToday = millisAt(zone, { ...today, ...time });
	return atToday > now ? atToday : millisAt(zone, { ...today, day: today.day + 1, ...time });
}

interface Dated {
	date: Pick<Wall, 'year' | 'month' | 'day'>;
	/** How much later it is meant where it is over. */
	again?: { years?: number; days?: number };
}

function dateOf(word: string, today: Wall, locale: string): Dated | null {
	const { year, month, day: date } = today;
	if (word === 'hoje' || word === 'today') return { date: { year, month, day: date } };
	if (word === 'amanha' || word === 'tomorrow' || word === 'tmr') return { date: { year, month, day: date + 1 } };
	const weekday = weekdays.get(word);
	if (weekday !== undefined) {
		return { date: { year, month, day: date + ((weekday - today.weekday + 7) % 7) }, again: { days: 7 } };
	}
	const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word);
	if (iso) return real({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) });
	const short = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{2}|\d{4}))?$/.exec(word);
	if (!short) return null;
	const [one, two] = [Number(short[1]), Number(short[2])];
	const [monthOf, dayOf] = locale === 'en' ? [one, two] : [two, one];
	const said = short[3] === undefined ? year : Number(short[3].length === 2 ? `20${short[3]}` : short[3]);
	const dated = real({ year: said, month: monthOf, day: dayOf });
	return dated && short[3] === undefined ? { ...dated, again: { years: 1 } } : dated;
}

/** A date that the calendar has; null for the 31st of a short month. */
function real(date: Dated['date']): Dated | null {
	const made = new Date(Date.UTC(date.year, date.month - 1, date.day));
	return made.getUTCMonth() === date.month - 1 && made.getUTCDate() === date.day ? { date } : null;
}

function timeOf(words: string): { hour: number; minute: number } | null {
	const parts = /^(?<hour>\d{1,2})(?:[:h](?<minute>\d{2})?)?\s?(?<half>am|pm)?$/.exec(
		words.replaceAll(' ', '')
	)?.groups;
	if (!parts?.['hour']) return null;
	// A bare number is no time.
	if (!/[:h]|am|pm/.test(words)) return null;
	const told = Number(parts['hour']);
	const half = parts['half'];
	if (half && (told < 1 || told > 12)) return null;
	const at = half === 'pm' ? (told % 12) + 12 : half === 'am' ? told % 12 : told;
	const past = Number(parts['minute'] ?? 0);
	return at > 23 || past > 59 ? null : { hour: at, minute: past };
}
