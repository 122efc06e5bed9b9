import { el } from './element.js';

/** @param {import('./api.js').Customer} customer */
export const nameOf = (customer) => customer.name || customer.username || phone(customer.wa_id) || customer.id;

/** `5511987650001` → `+55 11 98765-0001`. @param {string | null} number */
export function phone(number) {
	if (!number) return '';
	const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(number);
	return brazil ? `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}` : `+${number}`;
}

/** How somebody is reached: number or username. @param {import('./api.js').Customer} customer */
export const addressOf = (customer) => phone(customer.wa_id) || customer.username || customer.id;

/**
 * A round picture made of initials; the colour follows the name.
 * @param {string} name
 * @param {string} [size]
 */
export function avatar(name, size = '') {
	const words = name
		.replace(/[^\p{L}\p{N} ]/gu, '')
		.split(' ')
		.filter(Boolean);
	const initials = ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase();
	let hash = 0;
	for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 997;
	return el('span', { class: `avatar tone${hash % 6} ${size}`, 'aria-hidden': 'true' }, initials);
}
