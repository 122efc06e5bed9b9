/** When a person does not want to be disturbed, by their own clock. `private.quiet_until` says the same for push and mail. */
export interface QuietHours {
	/** `22:00` or `22:00:00`; both null: none. From after until means over midnight. */
	quiet_from: string | null;
	quiet_until: string | null;
	/** Whole days, 0 is Sunday. */
	quiet_days: number[];
}

/** Whether it is quiet at a local moment: its weekday (0 is Sunday) and its time as `HH:MM`. */
export function isQuiet(
	{ quiet_from: from, quiet_until: until, quiet_days }: QuietHours,
	day: number,
	time: string
): boolean {
	if (quiet_days.includes(day)) return true;
	if (from === null || until === null) return false;
	const [begin, end] = [from.slice(0, 5), until.slice(0, 5)];
	if (begin === end) return false;
	return begin < end ? time >= begin && time < end : time >= begin || time < end;
}

/** The weekday and time of an instant in a zone. */
export function localMoment(at: Date, timeZone: string): { day: number; time: string } {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone,
		weekday: 'short',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23'
	}).formatToParts(at);
	const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? '';
	const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(part('weekday'));
	return { day, time: `${part('hour')}:${part('minute')}` };
}
