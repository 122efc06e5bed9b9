/**
 * The heights of `bars` bars, 0 to 1, from a waveform of any length: each bar is the loudest of its stretch. Without a
 * waveform all are low, so that a voice whose file is still looked at has its room already.
 */
export function barsOf(waveform: readonly number[] | null, bars: number): number[] {
	const heights = waveform ?? [];
	if (heights.length === 0) return new Array<number>(bars).fill(0);
	return Array.from({ length: bars }, (_, bar) => {
		const from = Math.floor((bar * heights.length) / bars);
		const to = Math.max(from + 1, Math.ceil(((bar + 1) * heights.length) / bars));
		return Math.min(1, Math.max(0, Math.max(...heights.slice(from, to)) / 100));
	});
}

/** 0:07 · 12:30 · 1:02:05 */
export function durationText(seconds: number): string {
	const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
	const rest = String(whole % 60).padStart(2, '0');
	return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
