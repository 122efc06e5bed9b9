import { bubbleContent } from './bubble_content.js';
import { bubbleMenu } from './bubble_menu.js';
import { el } from './element.js';
import { icon } from './icons.js';
import { state } from './state.js';
import { summary } from './summary.js';
import { ticks } from './ticks.js';
import { clockTime } from './time.js';
import { t } from './words.js';

/**
 * One message. The phone is the customer's: what they wrote (`in` for the business) stands on the right with ticks.
 * @param {import('./api.js').Message} message
 * @param {boolean} grouped whether it follows one of the same side
 */
export function bubble(message, grouped) {
	if (message.kind === 'system')
		return el('div', { class: 'system', ...marks(message) }, String(message.content['body'] ?? t('system')));
	const own = message.direction === 'in';
	const quoted = message.quoted ? state.messages.find((one) => one.id === message.quoted) : null;
	const failed = message.status === 'failed';
	return el(
		'article',
		{
			class: `bubble ${own ? 'own' : 'theirs'} ${grouped ? 'grouped' : ''} ${message.kind} ${failed ? 'lost' : ''}`,
			...marks(message),
			'aria-label': `${own ? t('you') : (state.currentBusiness?.name ?? '')}: ${summary(message)}`
		},
		message.label
			? el(
					'p',
					{ class: 'label' },
					icon(message.label === 'ad' ? 'megaphone' : 'forward', 13),
					t(message.label === 'ad' ? 'ad' : 'forwarded')
				)
			: null,
		quoted
			? el(
					'button',
					{ type: 'button', class: 'quote', onclick: () => jumpTo(quoted.id) },
					el('strong', {}, quoted.direction === 'in' ? t('you') : (state.currentBusiness?.name ?? '')),
					el('span', {}, summary(quoted))
				)
			: null,
		...bubbleContent(message),
		el(
			'footer',
			{},
			message.edited_at && !message.revoked_at ? el('span', {}, t('edited')) : null,
			el('time', { datetime: new Date(message.at).toISOString() }, clockTime(message.at)),
			own ? ticks(message) : null,
			failed && !own
				? el(
						'span',
						{ class: 'failure', title: message.failure?.details ?? '' },
						icon('triangle-alert', 13),
						`${t('failed')} · ${message.failure?.code ?? ''}`
					)
				: null
		),
		reactions(message),
		message.revoked_at ? null : bubbleMenu(message)
	);
}

/** @param {import('./api.js').Message} message */
const marks = (message) => ({
	'data-testid': 'bubble',
	'data-message-id': message.id,
	'data-direction': message.direction,
	'data-kind': message.kind,
	'data-status': message.status
});

/** @param {import('./api.js').Message} message */
function reactions({ reactions: given }) {
	const emojis = [given.customer, given.business].filter((emoji) => emoji);
	return emojis.length
		? el('span', { class: 'reactions', 'data-testid': 'reactions' }, [...new Set(emojis)].join(''))
		: null;
}

/** @param {string} id */
function jumpTo(id) {
	const target = document.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
	target?.scrollIntoView({ block: 'center', behavior: 'smooth' });
	target?.classList.add('found');
	setTimeout(() => target?.classList.remove('found'), 1_200);
}
