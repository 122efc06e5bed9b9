import { openDrawer } from './drawers.js';
import { el } from './element.js';
import { icon } from './icons.js';
import { avatar, nameOf } from './people.js';
import { state } from './state.js';
import { t } from './words.js';

/** The top of the phone: the business one is talking to, and what it is doing. */
export function phoneHeader() {
	const picture = el('span');
	const name = el('strong');
	const line = el('span', { class: 'presence', role: 'status', 'data-testid': 'presence' });
	const people = el(
		'button',
		{ type: 'button', class: 'plain only-narrow', 'data-testid': 'open-people' },
		icon('users', 20)
	);
	const controls = el(
		'button',
		{ type: 'button', class: 'plain only-narrow', 'data-testid': 'open-controls' },
		icon('sliders-horizontal', 20)
	);
	people.addEventListener('click', () => openDrawer('people', people));
	controls.addEventListener('click', () => openDrawer('controls', controls));

	function draw() {
		const business = state.currentBusiness;
		const customer = state.currentCustomer;
		people.setAttribute('aria-label', t('people'));
		controls.setAttribute('aria-label', t('controls'));
		if (!business) return;
		picture.replaceChildren(avatar(business.name));
		name.textContent = business.name;
		const typing = state.typingUntil > Date.now();
		line.textContent = typing
			? t('typing')
			: customer && !customer.online
				? t('off')
				: customer
					? `${t('online')} · ${t('you')}: ${nameOf(customer)}`
					: t('online');
		line.classList.toggle('is-typing', typing);
	}
	state.watch(['people', 'chat', 'typing', 'words'], draw);
	return el('header', { class: 'phone-header' }, people, picture, el('div', {}, name, line), controls);
}
