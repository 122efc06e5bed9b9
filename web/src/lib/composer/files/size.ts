import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

const kb = 1024;

/** 812 KB · 1,2 MB */
export function sizeText(bytes: number): string {
	const write = (amount: number, digits: number) =>
		new Intl.NumberFormat(getLocale(), { maximumFractionDigits: digits }).format(amount);
	if (bytes < kb * kb) return m.tray_size_kb({ size: write(Math.max(1, Math.round(bytes / kb)), 0) });
	return m.tray_size_mb({ size: write(bytes / kb / kb, 1) });
}
