import { el } from './element.js';
import { icon } from './icons.js';
import { t } from './words.js';

/**
 * The ticks of a message this phone sent: one when it is on its way, two when the business has it, blue when it was read.
 * @param {import('./api.js').Message} message
 */
export function ticks(message) {
	const status = message.status === 'played' ? 'read' : message.status;
	const word = /** @type {import('./words.js').Word} */ (
		['sent', 'delivered', 'read', 'failed'].includes(status) ? status : 'accepted'
	);
	const mark =
		status === 'sent'
			? 'check'
			: status === 'failed'
				? 'triangle-alert'
				: status === 'accepted'
					? 'clock'
					: 'check-check';
	return el(
		'span',
		{
			class: `ticks ${status}`,
			'data-testid': 'ticks',
			'data-status': status,
			role: 'img',
			'aria-label': t(word),
			title: t(word)
		},
		icon(mark, 15)
	);
}
