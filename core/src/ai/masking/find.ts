import { readCep, readCnpj, readCpf } from '../../flows/answers/documents.ts';
import { readPhone } from '../../flows/answers/written.ts';

export const MASKED_KINDS = ['CPF', 'CNPJ', 'PHONE', 'EMAIL', 'CARD', 'CEP', 'PIX', 'BOLETO', 'NUMBER'] as const;
export type MaskedKind = (typeof MASKED_KINDS)[number];

/** Something in a text that says who somebody is, or opens their money. */
export interface Found {
	kind: MaskedKind;
	start: number;
	end: number;
	/** The same for every way of writing the same thing. */
	key: string;
}

// Bounded everywhere: a customer's text must not make these slow.
const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,6}\p{L}{2,24}/gu;
/** A PIX «copia e cola» whose fields don't add up: from its first to the last that may be its checksum. */
const PIX_CODE = /000201[\x20-\x7e]{20,600}6304[0-9A-Fa-f]{4}/y;
const PIX_BEGINS = '000201';
const PIX_CHECKSUM = '63';
/** A random PIX key is a UUID. */
const PIX_KEY = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** CNPJs carry letters since July 2026; those without are found among the numbers. */
const CNPJ_LETTERS = /(?<![\p{L}\p{N}])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}\/?[0-9A-Z]{4}-?\d{2}(?![\p{L}\p{N}])/giu;

/** Also the digits of Chinese and Japanese keyboards, and marks nobody sees. */
const DIGITS = /[0-9０-９]+/g;
const BETWEEN = /^[\s.\-/()\u2010-\u2015\u200b-\u200d\u2060\ufeff]{1,3}$/;
const MOST_GROUPS = 20;
const MOST_DIGITS = 48;
/** Nothing that is masked is shorter. */
const SHORTEST = 8;
/** Longer numbers without a mark between are nobody's price, date or quantity. */
const LONG_NUMBER = 11;

/** Everything in a text that is to be masked, in order, nothing overlapping. */
export function findPersonal(text: string): Found[] {
	const formed = apart([
		...pixCodes(text),
		...matches(text, PIX_KEY, 'PIX', (written) => written.toLowerCase()),
		...matches(text, EMAIL, 'EMAIL', (written) => written.toLowerCase()),
		...matches(text, CNPJ_LETTERS, 'CNPJ', readCnpj)
	]);
	// A number before a key must not take the key's first digits with it, and leave the rest of it to be read.
	return apart([...formed, ...numbers(without(text, formed))]);
}

/** What begins first counts; of two that begin together, the longer. */
function apart(found: Found[]): Found[] {
	found.sort((a, b) => a.start - b.start || b.end - a.end);
	let last = 0;
	return found.filter(({ start, end }) => {
		if (start < last) return false;
		last = end;
		return true;
	});
}

/** The text with line breaks in the place of what was found: no number goes across one. */
function without(text: string, found: Found[]): string {
	return found.reduce(
		(rest, { start, end }) => rest.slice(0, start) + '\n'.repeat(end - start) + rest.slice(end),
		text
	);
}

function matches(text: string, pattern: RegExp, kind: MaskedKind, read: (written: string) => string | null): Found[] {
	return [...text.matchAll(pattern)].flatMap((match) => {
		const key = read(match[0]);
		return key === null ? [] : [{ kind, start: match.index, end: match.index + match[0].length, key }];
	});
}

/**
 * PIX codes, read field by field (EMV QRCPS, Merchant-Presented Mode 3.2: two digits of id, two of length, the value):
 * what looks like the checksum within a key isn't the end.
 */
function pixCodes(text: string): Found[] {
	const found: Found[] = [];
	for (let start = text.indexOf(PIX_BEGINS); start >= 0; start = text.indexOf(PIX_BEGINS, start + 1)) {
		const end = pixCodeEnd(text, start) ?? pixCodeSeen(text, start);
		if (end) found.push({ kind: 'PIX', start, end, key: text.slice(start, end) });
	}
	return found;
}

function pixCodeEnd(text: string, start: number): number | null {
	for (let at = start; at - start < 600;) {
		const [, id, length] = /^(\d\d)(\d\d)/.exec(text.slice(at, at + 4)) ?? [];
		if (!id) return null;
		at += 4 + Number(length);
		if (at > text.length) return null;
		if (id === PIX_CHECKSUM) return at;
	}
	return null;
}

function pixCodeSeen(text: string, start: number): number | null {
	PIX_CODE.lastIndex = start;
	return PIX_CODE.test(text) ? PIX_CODE.lastIndex : null;
}

interface Group {
	start: number;
	end: number;
}

/** Groups of digits, joined as far as they make something: the longest first. */
function numbers(text: string): Found[] {
	const groups = [...text.matchAll(DIGITS)].map((match) => ({
		start: match.index,
		end: match.index + match[0].length
	}));
	const found: Found[] = [];
	for (let first = 0; first < groups.length;) {
		const reach = reachOf(text, groups, first);
		let taken = 0;
		for (let last = reach; last >= first && taken === 0; last--) {
			if ((groups[last] as Group).end - (groups[first] as Group).start < SHORTEST) break;
			const one = numberAt(text, groups[first] as Group, groups[last] as Group);
			if (!one) continue;
			found.push(one);
			taken = last - first + 1;
		}
		first += taken || 1;
	}
	return found;
}

/** The last group that may belong to the same number as the first. */
function reachOf(text: string, groups: Group[], first: number): number {
	let last = first;
	let digits = lengthOf(groups[first]);
	while (last + 1 < groups.length && last + 1 - first < MOST_GROUPS) {
		const [here, next] = [groups[last] as Group, groups[last + 1] as Group];
		digits += lengthOf(next);
		const between = text.slice(here.end, next.start);
		if (digits > MOST_DIGITS || between.includes('\n') || !BETWEEN.test(between)) break;
		last += 1;
	}
	return last;
}

const lengthOf = (group: Group | undefined): number => (group ? group.end - group.start : 0);

function numberAt(text: string, first: Group, last: Group): Found | null {
	const before = /(?:\+\s?|\()$/.exec(text.slice(Math.max(0, first.start - 2), first.start))?.[0] ?? '';
	const written = text
		.slice(first.start, last.end)
		.normalize('NFKC')
		.replace(/[\u200b-\u200d\u2060\ufeff]/g, '');
	const read = readNumber(written, before, text.slice(Math.max(0, first.start - 8), first.start));
	if (!read) return null;
	const open = read.kind === 'PHONE' ? before.length : 0;
	return { ...read, start: first.start - open, end: last.end };
}

function readNumber(written: string, before: string, context: string): { kind: MaskedKind; key: string } | null {
	const digits = written.replace(/\D/g, '');
	const plain = written === digits;
	if (before.startsWith('+') && digits.length >= 8 && digits.length <= 15) return phone(`+${digits}`, digits);
	const cpf = digits.length === 11 ? readCpf(digits) : null;
	if (cpf) return { kind: 'CPF', key: cpf };
	const cnpj = digits.length === 14 ? readCnpj(digits) : null;
	if (cnpj) return { kind: 'CNPJ', key: cnpj };
	if (isCard(written, digits)) return { kind: 'CARD', key: digits };
	if (digits.length >= 10 && digits.length <= 13 && !written.includes('/') && readPhone(digits))
		return phone(digits, digits);
	// Without an area code only as it is usually written: 98765-0001, 3456-7890.
	if (/^(?:9\d{4}|[2-5]\d{3})[-. ]\d{4}$/.test(written)) return { kind: 'PHONE', key: digits };
	if (/^\d{5}-\d{3}$|^\d{2}\.\d{3}-\d{3}$/.test(written) || (digits.length === 8 && /cep\W{0,4}$/i.test(context))) {
		return { kind: 'CEP', key: readCep(digits) ?? digits };
	}
	if ([44, 47, 48].includes(digits.length)) return { kind: 'BOLETO', key: digits };
	return plain && digits.length >= LONG_NUMBER ? { kind: 'NUMBER', key: digits } : null;
}

const phone = (written: string, digits: string): { kind: MaskedKind; key: string } => ({
	kind: 'PHONE',
	key: readPhone(written) ?? digits
});

function isCard(written: string, digits: string): boolean {
	if (digits.length < 13 || digits.length > 19 || /^(\d)\1+$/.test(digits)) return false;
	const grouped = /^\d{4}([ .-]?)\d{4}\1\d{4}\1\d{1,7}$|^\d{4}[ .-]\d{6}[ .-]\d{4,5}$|^\d+$/.test(written);
	return grouped && luhn(digits);
}

/** The check that every card number passes, and one in ten others. */
export function luhn(digits: string): boolean {
	let sum = 0;
	for (let place = 0; place < digits.length; place++) {
		const digit = Number(digits[digits.length - 1 - place]);
		sum += place % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
	}
	return sum % 10 === 0;
}
