import { attachMenu } from './attachments.js';
import { composerHooks } from './bubble_menu.js';
import { el } from './element.js';
import { icon } from './icons.js';
import { notice } from './notice.js';
import { state } from './state.js';
import { summary } from './summary.js';
import { t } from './words.js';

/** Where the customer writes: Enter sends, Shift+Enter breaks the line, Escape gives up an answer or an edit. */
export function composer() {
	/** @typedef {{ kind: 'reply' | 'edit', message: import('./api.js').Message }} Target */
	/** @type {Target | null} */
	let target = null;
	/** Drafts by chat. @type {Map<string, string>} */
	const drafts = new Map();
	let chat = '';

	const input = el('textarea', {
		rows: '1',
		'data-testid': 'composer-input',
		autocomplete: 'off',
		enterkeyhint: 'send'
	});
	const button = el(
		'button',
		{ type: 'submit', class: 'send', 'data-testid': 'send-button' },
		icon('send-horizontal', 20)
	);
	const strip = el('div', { class: 'strip', hidden: true });
	const attach = attachMenu();
	const form = el('form', { class: 'composer' }, strip, el('div', { class: 'write' }, attach, input, button));

	const grow = () => {
		input.style.height = 'auto';
		input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
		button.disabled = input.value.trim() === '';
	};

	/** @param {Target | null} next */
	function aim(next) {
		target = next;
		strip.hidden = next === null;
		if (next) {
			const who = next.message.direction === 'in' ? t('you') : (state.currentBusiness?.name ?? '');
			strip.replaceChildren(
				el(
					'div',
					{},
					el('strong', {}, next.kind === 'edit' ? t('editing') : t('replyingTo', { who })),
					el('span', {}, summary(next.message))
				),
				el(
					'button',
					{ type: 'button', class: 'plain', 'aria-label': t('cancel'), onclick: () => give() },
					icon('x', 18)
				)
			);
			input.focus();
		}
	}

	function give() {
		if (target?.kind === 'edit') input.value = '';
		aim(null);
		grow();
	}

	async function send() {
		const text = input.value.trim();
		if (text === '' || !state.customer) return;
		const action =
			target?.kind === 'edit'
				? { kind: 'edit', message_id: target.message.id, text }
				: { kind: 'text', text, ...(target ? { context: target.message.id } : {}) };
		input.value = '';
		aim(null);
		grow();
		try {
			await state.act(action);
		} catch (error) {
			input.value = text;
			grow();
			notice(error);
		}
	}

	composerHooks.reply = (message) => aim({ kind: 'reply', message });
	composerHooks.edit = (message) => {
		input.value = String(message.content['body'] ?? message.content['caption'] ?? '');
		aim({ kind: 'edit', message });
		grow();
	};
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		void send();
	});
	input.addEventListener('input', grow);
	input.addEventListener('keydown', (event) => {
		if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
			event.preventDefault();
			void send();
		} else if (event.key === 'Escape' && target) give();
	});

	function label() {
		if (chat !== state.chat) {
			drafts.set(chat, input.value);
			chat = state.chat;
			input.value = drafts.get(chat) ?? '';
			aim(null);
		}
		input.placeholder = t('message');
		input.setAttribute('aria-label', t('message'));
		button.setAttribute('aria-label', t('send'));
		grow();
	}
	state.watch(['chat', 'words'], label);
	label();
	return form;
}
