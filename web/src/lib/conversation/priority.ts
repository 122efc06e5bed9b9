import { m } from '#lib/paraglide/messages.js';

const names = [m.priority_none, m.priority_low, m.priority_medium, m.priority_high, m.priority_urgent];
const colors = [
	'var(--color-line-strong)',
	'var(--color-tag-gray)',
	'var(--color-blue)',
	'var(--color-amber)',
	'var(--color-red)'
];

/** A priority in words, within a sentence; one we do not know reads as none. */
export function priorityName(priority: number): string {
	return (names[priority] ?? m.priority_none)();
}

/** A priority in words that stand alone. */
export function priorityTitle(priority: number): string {
	const name = priorityName(priority);
	return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Its colour, as a CSS value. */
export function priorityColor(priority: number): string {
	return colors[priority] ?? colors[0] ?? 'currentColor';
}
