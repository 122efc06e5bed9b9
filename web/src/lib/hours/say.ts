import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** A weekday's name by its ISO number. */
export function dayName(day: string): string {
	// 4 January 2021 was a Monday.
	return new Intl.DateTimeFormat(getLocale(), { weekday: 'long', timeZone: 'UTC' }).format(
		new Date(Date.UTC(2021, 0, 3 + Number(day)))
	);
}

/** A date as `25 de dez. de 2026`, without the year where it comes back each year. */
export function dateText(day: string, everyYear: boolean): string {
	return new Intl.DateTimeFormat(getLocale(), {
		day: 'numeric',
		month: 'short',
		weekday: everyYear ? undefined : 'short',
		year: everyYear ? undefined : 'numeric',
		timeZone: 'UTC'
	}).format(new Date(`${day}T00:00:00Z`));
}

/** Whether it is open, and until when, by the schedule's clock. */
export function openingText(isOpen: boolean, changesAt: string | null, timeZone: string): string {
	if (changesAt === null) return isOpen ? m.hours_open_always() : m.hours_closed_always();
	const at = new Intl.DateTimeFormat(getLocale(), {
		weekday: 'short',
		hour: '2-digit',
		minute: '2-digit',
		timeZone
	}).format(new Date(changesAt));
	return isOpen ? m.hours_open_until({ at }) : m.hours_closed_until({ at });
}

/** Every time zone the browser knows, those of Brazil first. */
export function timeZones(current: string): string[] {
	const brazilian = [
		'America/Sao_Paulo',
		'America/Manaus',
		'America/Cuiaba',
		'America/Fortaleza',
		'America/Recife',
		'America/Belem',
		'America/Bahia',
		'America/Campo_Grande',
		'America/Porto_Velho',
		'America/Boa_Vista',
		'America/Rio_Branco',
		'America/Noronha'
	];
	return [...new Set([...brazilian, current, ...Intl.supportedValuesOf('timeZone')])];
}
