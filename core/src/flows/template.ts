import { referenceOf, textOf, type Value } from './variables.ts';

/** `{{nome}}`, `{{contact.first_name|cliente}}`: a variable, and what stands there where it is empty. */
const token = /\{\{([^{}\n]{0,300})\}\}/g;

export type Lookup = (reference: string) => Value | undefined;

/** The variables that a text names. */
export function namedIn(text: string): string[] {
	return text.includes('{{') ? [...text.matchAll(token)].map(([, inside = '']) => parts(inside).name) : [];
}

/** Names that are none, and braces that don't close. */
export function faultsIn(text: string): string[] {
	if (!text.includes('{{') && !text.includes('}}')) return [];
	const faults = namedIn(text).filter((name) => referenceOf(name) === null);
	return /\{\{|\}\}/.test(text.replace(token, '')) ? [...faults, '{{'] : faults;
}

/** Puts values in the place of variables, once: braces in somebody's name stay what they are. */
export function fill(text: string, lookup: Lookup, write: (value: Value | undefined) => string = said): string {
	if (!text.includes('{{')) return text;
	return text.replace(token, (_whole, inside: string) => {
		const { name, instead } = parts(inside);
		const value = lookup(name);
		return value === undefined || value === null || value === '' ? write(instead) : write(value);
	});
}

/** As people read it: a day as it is written in Brazil. */
const said = (value: Value | undefined): string => {
	const day = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
	return day ? `${day[3]}/${day[2]}/${day[1]}` : textOf(value);
};

/** Within the quotes of a JSON text. */
export const asJson = (value: Value | undefined): string =>
	JSON.stringify(typeof value === 'number' ? String(value) : textOf(value)).slice(1, -1);

/** Within an address: what a customer writes never leads elsewhere. */
export const asAddress = (value: Value | undefined): string =>
	encodeURIComponent(typeof value === 'number' ? String(value) : textOf(value));

/** Every text of a JSON value, filled. */
export function fillDeep(value: Value, lookup: Lookup): Value {
	if (typeof value === 'string') return fill(value, lookup);
	if (Array.isArray(value)) return value.map((item) => fillDeep(item, lookup));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillDeep(item, lookup)]));
}

function parts(inside: string): { name: string; instead: string } {
	const bar = inside.indexOf('|');
	return bar < 0
		? { name: inside.trim(), instead: '' }
		: { name: inside.slice(0, bar).trim(), instead: inside.slice(bar + 1).trim() };
}
