import { currentLanguage, t } from './words.js';

/** @param {number} at @param {boolean} [seconds] */
export const clockTime = (at, seconds = false) =>
	new Date(at).toLocaleTimeString(currentLanguage(), {
		hour: '2-digit',
		minute: '2-digit',
		hour12: false,
		...(seconds ? { second: '2-digit' } : {})
	});

/** The calendar day of a moment, to tell days apart. @param {number} at */
export const dayOf = (at) => new Date(at).toDateString();

/** A day in words: today, yesterday, or its date. @param {number} at */
export function dayName(at) {
	const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
	if (days === 0) return t('today');
	if (days === 1) return t('yesterday');
	if (days < 7) return new Date(at).toLocaleDateString(currentLanguage(), { weekday: 'long' });
	return new Date(at).toLocaleDateString(currentLanguage(), { day: 'numeric', month: 'long', year: 'numeric' });
}

/** Short, for lists: the time today, else the day. @param {number} at */
export const shortTime = (at) =>
	dayOf(at) === dayOf(Date.now())
		? clockTime(at)
		: new Date(at).toLocaleDateString(currentLanguage(), { day: '2-digit', month: '2-digit' });
