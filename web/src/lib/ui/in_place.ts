export type ValueType = 'text' | 'email' | 'number' | 'date' | 'boolean' | 'choice' | 'link';
export type Value = string | number | boolean | null;

/** What somebody wrote, as the value it means; nothing is null. What means nothing is left as it is: the database says why not. */
export function readValue(type: ValueType, written: string): Value {
	const text = written.trim();
	if (text === '') return null;
	if (type === 'boolean') return text === 'true';
	if (type !== 'number') return text;
	const number = readNumber(text);
	return number ?? text;
}

/** 1.234,5 and 1,234.5 and 1234.5 are one number; the last sign of the two is the decimal one. */
function readNumber(text: string): number | null {
	const bare = text.replaceAll(/\s/g, '');
	if (!/^-?[\d.,]+$/.test(bare)) return null;
	const decimal = decimalSign(bare);
	const parts = decimal === -1 ? [bare] : [bare.slice(0, decimal), bare.slice(decimal + 1)];
	const number = Number(parts.map((part) => part.replaceAll(/[.,]/g, '')).join('.'));
	return Number.isFinite(number) ? number : null;
}

/** Where the decimals begin; -1 where every sign parts thousands. */
function decimalSign(text: string): number {
	const last = Math.max(text.lastIndexOf(','), text.lastIndexOf('.'));
	if (last === -1) return -1;
	const sign = text[last] ?? '';
	// Said twice it parts thousands; said once before exactly three digits, with none after another sign, a comma is decimal.
	if (text.indexOf(sign) !== last) return -1;
	if (sign === '.' && text.length - last === 4 && !text.includes(',') && last <= 4) return -1;
	return last;
}

/** A value as it is written into its field. */
export function writtenValue(type: ValueType, value: Value, locale: string): string {
	if (value === null) return '';
	if (type === 'number' && typeof value === 'number') {
		return new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 12 }).format(value);
	}
	return String(value);
}

/** A value as it is read. */
export function shownValue(type: ValueType, value: Value, locale: string): string {
	if (value === null || value === '') return '';
	if (type === 'number' && typeof value === 'number') {
		return new Intl.NumberFormat(locale, { maximumFractionDigits: 12 }).format(value);
	}
	if (type === 'date' && typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
		// A day has no time zone.
		return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
			new Date(`${value}T00:00:00Z`)
		);
	}
	if (type === 'link')
		return String(value)
			.replace(/^https?:\/\/(www\.)?/, '')
			.replace(/\/$/, '');
	return String(value);
}
