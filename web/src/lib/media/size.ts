export interface Size {
	width: number;
	height: number;
}

/** A picture's room in a bubble before it has come: its own shape within a box, never larger than it is, never a sliver. */
export function fit(width: number | null, height: number | null, box: Size, least = 120): Size {
	if (!width || !height) return { width: Math.min(box.width, 260), height: Math.min(box.height, 195) };
	const scale = Math.min(box.width / width, box.height / height, 1);
	return {
		width: Math.round(Math.min(box.width, Math.max(least, width * scale))),
		height: Math.round(Math.min(box.height, Math.max(least, height * scale)))
	};
}

/** 912 B · 20 kB · 1,4 MB, as the language writes numbers. */
export function bytesText(bytes: number, locale: string): string {
	const units = ['B', 'kB', 'MB', 'GB'];
	const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), units.length - 1);
	const amount = bytes / 1000 ** power;
	const digits = power > 1 && amount < 100 ? 1 : 0;
	return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(amount)} ${units[power]}`;
}
