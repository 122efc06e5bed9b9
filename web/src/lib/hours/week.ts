/** From when to when, as `08:00`; an end may be `24:00`. */
export type Span = [from: string, to: string];
/** The spans of a week by ISO day: 1 is Monday. A day that is missing is closed. */
export type Week = Partial<Record<string, Span[]>>;

export const days = ['1', '2', '3', '4', '5', '6', '7'] as const;

/** The most spans a day has; the database says the same. */
export const mostSpans = 6;

/** Minutes since midnight. */
export function minutesOf(time: string): number {
	const [hours = 0, minutes = 0] = time.split(':').map(Number);
	return hours * 60 + minutes;
}

/** A time as people type it (`8`, `8h30`, `830`, `08:30`, `24`) as `08:30`; null where it is none. */
export function readTime(text: string): string | null {
	const match = /^(\d{1,2})(?:\s*[:h.]?\s*(\d{2})?)$/i.exec(text.trim().replace(/^(\d{1,2})(\d{2})$/, '$1:$2'));
	if (!match) return null;
	const [hours, minutes] = [Number(match[1]), Number(match[2] ?? 0)];
	return minutes < 60 && (hours < 24 || (hours === 24 && minutes === 0)) ? timeOf(hours * 60 + minutes) : null;
}

/** Whether spans follow one another without touching, as the database wants them. */
export function areSpans(spans: Span[]): boolean {
	return spans.every(([from, to], index) => {
		const before = spans[index - 1];
		return minutesOf(from) < minutesOf(to) && (!before || minutesOf(before[1]) < minutesOf(from));
	});
}

/** The first day whose spans are wrong; null when a week can be saved. */
export function wrongDay(week: Week): string | null {
	return days.find((day) => !areSpans(week[day] ?? [])) ?? null;
}

/** A span to offer after those of a day: the afternoon, or an hour after the last one; null when the day is full. */
export function nextSpan(spans: Span[]): Span | null {
	const last = spans.at(-1);
	if (!last) return ['08:00', '18:00'];
	const from = minutesOf(last[1]) + 60;
	if (spans.length >= mostSpans || from >= 24 * 60) return null;
	return [timeOf(from), timeOf(Math.min(Math.max(from + 60, 18 * 60), 24 * 60))];
}

/** Open minutes of a week. */
export function openMinutes(week: Week): number {
	return days.flatMap((day) => week[day] ?? []).reduce((sum, [from, to]) => sum + minutesOf(to) - minutesOf(from), 0);
}

function timeOf(minutes: number): string {
	return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
