import { el } from './element.js';

/** Shows for a few seconds what went wrong. @param {unknown} error */
export function notice(error) {
	const text = error instanceof Error ? error.message : String(error);
	const box = el('div', { class: 'notice', role: 'alert' }, text);
	document.body.append(box);
	setTimeout(() => box.remove(), 5_000);
}
