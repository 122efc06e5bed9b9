import { fold } from '../../text/fold.ts';
import { phoneKey } from '../../whatsapp/phone.ts';

/** A person's name: letters of any alphabet, two at least, no digits. */
export function readName(written: string, { min = 2, max = 100 } = {}): string | null {
	const name = written.replace(/\s+/g, ' ').trim();
	const letters = name.match(/\p{L}/gu)?.length ?? 0;
	return letters >= Math.max(min, 2) && name.length <= max && /^[\p{L}\p{M} .'’-]+$/u.test(name) ? name : null;
}

export function readEmail(written: string): string | null {
	const address = written.trim().toLowerCase();
	if (address.length > 254 || address.includes('..')) return null;
	return /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(address) &&
		!/^\.|\.@/.test(address)
		? address
		: null;
}

/** DDDs that there are: none holds a zero, and these twenty were never given. */
const NO_DDD = new Set([20, 23, 25, 26, 29, 36, 39, 52, 56, 57, 58, 59, 72, 76, 78, 30, 40, 50, 60, 70, 80, 90]);

/** A phone number with its country, digits only; without one it is Brazilian and needs its DDD. */
export function readPhone(written: string): string | null {
	if (!/^[\d\s().+-]{8,25}$/.test(written.trim())) return null;
	const digits = written.replace(/\D/g, '').replace(/^0(?=[1-9]\d{9,10}$)/, '');
	const abroad = written.trim().startsWith('+') && !digits.startsWith('55');
	if (abroad) return digits.length >= 8 && digits.length <= 15 ? phoneKey(digits) : null;
	const national = digits.length > 11 && digits.startsWith('55') ? digits.slice(2) : digits;
	if (!/^[1-9]\d(?:9\d{8}|[2-9]\d{7})$/.test(national) || NO_DDD.has(Number(national.slice(0, 2)))) return null;
	return phoneKey(`55${national}`);
}

/** A number as written here (1.234,56) or by machines (1234.56). */
export function readNumber(written: string): number | null {
	const text = written.replace(/^\s*(?:R\$)?\s*/i, '').trim();
	if (!/^[+-]?[\d.,]{1,20}%?$/.test(text)) return null;
	const bare = text.replace('%', '');
	const plain = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(bare)
		? bare.replaceAll('.', '').replace(',', '.')
		: /^[+-]?\d{1,3}(?:,\d{3})+\.\d+$/.test(bare)
			? bare.replaceAll(',', '')
			: bare.replace(',', '.');
	return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
}

const MONTHS = 'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro'.split(' ');

/** A day as YYYY-MM-DD, written as people here do: 24/12/2026, 24-12, 24 de dezembro, hoje, amanhã. `today` is theirs. */
export function readDate(written: string, today: string): string | null {
	const text = fold(written);
	if (text === 'hoje' || text === 'today') return today;
	if (text === 'amanha' || text === 'tomorrow') return shift(today, 1);
	if (text === 'depois de amanha') return shift(today, 2);
	if (text === 'ontem' || text === 'yesterday') return shift(today, -1);
	const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
	if (iso) return day(iso[1], iso[2], iso[3]);
	const numeric = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$/.exec(text);
	if (numeric) return dated(numeric[1], numeric[2], numeric[3], today);
	const worded = /^(?:dia )?(\d{1,2})o? (?:de )?([a-z]+)(?: (?:de )?(\d{4}))?$/.exec(text);
	const month = worded ? MONTHS.findIndex((name) => name === worded[2] || name.slice(0, 3) === worded[2]) : -1;
	return worded && month >= 0 ? dated(worded[1], String(month + 1), worded[3], today) : null;
}

/** Without a year it is the next such day. */
function dated(date = '', month = '', year: string | undefined, today: string): string | null {
	if (year?.length === 2) {
		const near = Number(today.slice(2, 4)) + 20;
		return day(`${Number(year) > near ? '19' : '20'}${year}`, month, date);
	}
	if (year) return day(year, month, date);
	const now = Number(today.slice(0, 4));
	for (const candidate of [now, now + 1, now + 2, now + 3, now + 4]) {
		const found = day(String(candidate), month, date);
		if (found && found >= today) return found;
	}
	return null;
}

function day(year = '', month = '', date = ''): string | null {
	const text = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : null;
}

function shift(date: string, days: number): string {
	return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
