/** A calendar month, `2026-11`: what a provider bills by. */
export type Month = string;

const shape = /^(20\d{2})-(0[1-9]|1[0-2])$/;

/** The month an address asks for, or the one that holds `today` (`2026-11-21`). A month yet to come is this one. */
export function monthFrom(asked: string | null, today: string): Month {
	const current = today.slice(0, 7);
	return asked !== null && shape.test(asked) && asked <= current ? asked : current;
}

/** First and last day of a month. */
export function daysOf(month: Month): { since: string; until: string } {
	const [year, number] = parts(month);
	const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
	return { since: `${month}-01`, until: `${month}-${String(last).padStart(2, '0')}` };
}

/** The month so many months later, or earlier. */
export function shift(month: Month, by: number): Month {
	const [year, number] = parts(month);
	return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** novembro de 2026 */
export function monthName(month: Month, locale: string): string {
	const [year, number] = parts(month);
	return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
		Date.UTC(year, number - 1, 1)
	);
}

function parts(month: Month): [number, number] {
	const [year, number] = month.split('-').map(Number);
	return [year ?? 2026, number ?? 1];
}
