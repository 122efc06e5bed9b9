import { m } from '#lib/paraglide/messages.js';

/** How far back one may look; empty is everything. */
export const periods = [
	{ value: '', days: null, label: m.search_any_time },
	{ value: '7', days: 7, label: m.search_week },
	{ value: '30', days: 30, label: m.search_month },
	{ value: '365', days: 365, label: m.search_year }
] as const;

const dayMs = 86_400_000;

/** Since when a period is; null is always. In whole hours, so that asking again asks the same. */
export function since(value: string, now: number): string | null {
	const days = periods.find((period) => period.value === value)?.days ?? null;
	if (days === null) return null;
	return new Date(Math.floor((now - days * dayMs) / 3_600_000) * 3_600_000).toISOString();
}
