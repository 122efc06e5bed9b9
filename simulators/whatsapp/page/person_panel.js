import { ask } from './api.js';
import { el } from './element.js';
import { notice } from './notice.js';
import { addressOf, avatar, nameOf } from './people.js';
import { state } from './state.js';
import { t } from './words.js';

/** Right of the phone: who holds it, and its switches. */
export function personPanel() {
	const box = el('section', { class: 'person-panel' });
	function draw() {
		const customer = state.currentCustomer;
		const business = state.currentBusiness;
		if (!customer || !business) return box.replaceChildren();
		const focused = document.activeElement?.getAttribute('name');
		const window =
			state.window === 'open' ? t('windowOpen') : state.window === 'closed' ? t('windowClosed') : t('windowUnknown');
		/** @param {Record<string, unknown>} change */
		const change = (change) =>
			void ask(`/customers/${encodeURIComponent(customer.id)}`, change)
				.then((one) => state.customers.set(one.id, one))
				.catch(notice);
		box.replaceChildren(
			el('h2', {}, t('person')),
			el(
				'div',
				{ class: 'who' },
				avatar(nameOf(customer), 'large'),
				el(
					'div',
					{},
					el('strong', {}, nameOf(customer)),
					el('span', {}, addressOf(customer)),
					customer.about ? el('span', { class: 'faint' }, customer.about) : null
				)
			),
			el(
				'dl',
				{},
				el('dt', {}, t('id')),
				el('dd', { class: 'mono' }, customer.user_ids[business.waba_id] ?? '—'),
				el('dt', {}, t('window')),
				el('dd', {}, el('span', { class: `badge ${state.window}` }, window))
			),
			toggle('online', t('powered'), customer.online, (on) => change({ online: on })),
			toggle('on_whatsapp', t('hasWhatsapp'), customer.on_whatsapp, (on) => change({ on_whatsapp: on })),
			toggle('auto_read', t('autoRead'), customer.auto_read_ms !== null, (on) =>
				change({ auto_read_ms: on ? 2_000 : null })
			)
		);
		if (focused) box.querySelector(`input[name="${focused}"]`)?.dispatchEvent(new Event('wanted'));
	}
	box.addEventListener('wanted', (event) => event.target instanceof HTMLElement && event.target.focus(), true);
	state.watch(['people', 'chat', 'words'], draw);
	return box;
}

/**
 * A switch with its words.
 * @param {string} name
 * @param {string} words
 * @param {boolean} on
 * @param {(on: boolean) => void} onchange
 */
export function toggle(name, words, on, onchange) {
	const input = el('input', { type: 'checkbox', role: 'switch', name, 'data-testid': `switch-${name}`, checked: on });
	input.addEventListener('change', () => onchange(input.checked));
	return el('label', { class: 'toggle' }, el('span', {}, words), input);
}
