import { el } from './element.js';
import { icon } from './icons.js';
import { notice } from './notice.js';
import { state } from './state.js';
import { t } from './words.js';

const EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** What the composer is asked to do with a message. @type {{ reply: (message: import('./api.js').Message) => void, edit: (message: import('./api.js').Message) => void }} */
export const composerHooks = { reply: () => undefined, edit: () => undefined };

/**
 * The button on a bubble and the menu behind it: answer, react, and for one's own messages edit and delete.
 * @param {import('./api.js').Message} message
 */
export function bubbleMenu(message) {
	const own = message.direction === 'in';
	const mine = message.reactions.customer;
	const toggle = el(
		'button',
		{
			type: 'button',
			class: 'more',
			'aria-label': t('actions'),
			'aria-haspopup': 'menu',
			'data-testid': 'bubble-menu'
		},
		icon('chevron-down', 16)
	);
	const editable = own && (message.kind === 'text' || message.content['caption'] !== undefined);

	/** @param {() => unknown} action */
	const then = (action) => () => {
		menu.hidePopover();
		action();
	};
	/** @param {Record<string, unknown>} action */
	const act = (action) => then(() => void state.act(action).catch(notice));

	const menu = el(
		'div',
		{ class: 'menu', popover: 'auto', role: 'menu', onkeydown: walk },
		el(
			'div',
			{ class: 'emojis', role: 'group', 'aria-label': t('react') },
			...EMOJIS.map((emoji) =>
				el(
					'button',
					{
						type: 'button',
						role: 'menuitem',
						class: emoji === mine ? 'chosen' : '',
						'aria-label': emoji === mine ? t('removeReaction') : `${t('react')} ${emoji}`,
						onclick: act({ kind: 'reaction', message_id: message.id, emoji: emoji === mine ? '' : emoji })
					},
					emoji
				)
			)
		),
		item(
			'reply',
			'reply',
			then(() => composerHooks.reply(message))
		),
		editable
			? item(
					'pencil',
					'edit',
					then(() => composerHooks.edit(message))
				)
			: null,
		own ? item('trash', 'delete', act({ kind: 'revoke', message_id: message.id })) : null
	);
	toggle.addEventListener('click', () => {
		menu.showPopover();
		place(menu, toggle);
		menu.querySelector('button')?.focus();
	});
	return el('div', { class: 'menu-anchor' }, toggle, menu);
}

/** @param {string} mark @param {import('./words.js').Word} word @param {() => void} onclick */
const item = (mark, word, onclick) =>
	el('button', { type: 'button', role: 'menuitem', onclick, 'data-testid': `menu-${word}` }, icon(mark, 16), t(word));

/** Puts a menu beside its button, inside the window. @param {HTMLElement} menu @param {HTMLElement} anchor */
export function place(menu, anchor) {
	const box = anchor.getBoundingClientRect();
	const { width, height } = menu.getBoundingClientRect();
	const left = Math.max(8, Math.min(box.right - width, innerWidth - width - 8));
	const below = box.bottom + 4 + height < innerHeight;
	menu.style.left = `${left}px`;
	menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
}

/** Arrow keys walk through a menu's buttons. @param {KeyboardEvent} event */
export function walk(event) {
	const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
	const menu = event.currentTarget;
	if (step === undefined || !(menu instanceof HTMLElement)) return;
	const buttons = [...menu.querySelectorAll('button')];
	const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
	buttons.at((at + step) % buttons.length)?.focus();
	event.preventDefault();
}
