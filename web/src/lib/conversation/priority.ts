import { m } from '#lib/paraglide/messages.js';

const names = [m.priority_none, m.priority_low, m.priority_medium, m.priority_high, m.priority_urgent];

/** A priority in words; one we do not know reads as none. */
export function priorityName(priority: number): string {
	return (names[priority] ?? m.priority_none)();
}
