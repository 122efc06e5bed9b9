/** A moment as the clocks of a zone show it. `month` from 1, `weekday` 0 for Sunday. */
export interface Wall {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric'
		});
		formats.set(zone, format);
	}
	return format;
}

/** What the clocks of a zone show at a moment, given in milliseconds. */
export function wallOf(millis: number, zone: string): Wall {
	const parts = new Map(
		formatOf(zone)
			.formatToParts(millis)
			.map(({ type, value }) => [type, Number(value)])
	);
	const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
	const [year, month, day] = [part('year'), part('month'), part('day')];
	const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
	return { year, month, day, hour: part('hour'), minute: part('minute'), weekday };
}

/**
 * The moment at which a zone's clocks show this, in milliseconds. Days beyond a month's end run on into the next. Of an
 * hour that clocks skip, the moment after the leap; of one they show twice, the first.
 */
export function millisAt(zone: string, { year, month, day, hour, minute }: Omit<Wall, 'weekday'>): number {
	const asUtc = Date.UTC(year, month - 1, day, hour, minute);
	const offset = (at: number) => {
		const wall = wallOf(at, zone);
		return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) - Math.floor(at / 60_000) * 60_000;
	};
	// A day to each side no change of clocks is hidden: of the two offsets the right one answers for itself.
	const offsets = [offset(asUtc - 86_400_000), offset(asUtc + 86_400_000)];
	const fitting = offsets.map((by) => asUtc - by).filter((at, index) => offset(at) === offsets[index]);
	return fitting.length > 0 ? Math.min(...fitting) : asUtc - Math.min(...offsets);
}
