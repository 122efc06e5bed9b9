import { ask } from './api.js';
import { el } from './element.js';
import { icon } from './icons.js';
import { notice } from './notice.js';
import { addressOf, avatar, nameOf } from './people.js';
import { closeDrawers } from './drawers.js';
import { state } from './state.js';
import { summary } from './summary.js';
import { shortTime } from './time.js';
import { t } from './words.js';

/** Left of the phone: which business is written to, and as whom. */
export function customersPanel() {
	const businesses = el('div', { class: 'businesses', role: 'radiogroup', 'data-testid': 'business-picker' });
	const people = el('ul', { class: 'people', 'data-testid': 'customer-picker' });
	const headings = [el('h2'), el('h2')];
	const addButton = el('button', { type: 'button', class: 'plain', 'data-testid': 'new-customer' }, icon('plus', 18));
	const form = newCustomerForm(() => (form.hidden = true));
	form.hidden = true;
	addButton.addEventListener('click', () => {
		form.hidden = !form.hidden;
		if (!form.hidden) form.querySelector('input:not([type=radio])')?.dispatchEvent(new Event('wanted'));
	});

	function draw() {
		const [forBusinesses, forPeople] = headings;
		if (forBusinesses) forBusinesses.textContent = t('businesses');
		if (forPeople) forPeople.textContent = t('customers');
		businesses.setAttribute('aria-label', t('businesses'));
		people.setAttribute('aria-label', t('customers'));
		addButton.setAttribute('aria-label', t('newCustomer'));
		addButton.title = t('newCustomer');
		const focused = document.activeElement?.getAttribute('data-customer');
		businesses.replaceChildren(...state.businesses.map(businessButton));
		const last = (/** @type {string} */ id) => state.last.get(`${state.business}|${id}`);
		const sorted = [...state.customers.values()]
			.map((customer, index) => ({ customer, index, at: last(customer.id)?.at ?? 0 }))
			.sort((one, other) => other.at - one.at || one.index - other.index);
		people.replaceChildren(...sorted.map(({ customer }) => personRow(customer, last(customer.id))));
		if (focused) people.querySelector(`[data-customer="${CSS.escape(focused)}"]`)?.dispatchEvent(new Event('wanted'));
	}
	for (const part of [people, form])
		part.addEventListener('wanted', (event) => event.target instanceof HTMLElement && event.target.focus(), true);

	state.watch(['people', 'words'], draw);
	return [headings[0] ?? '', businesses, el('div', { class: 'row' }, headings[1], addButton), form, people];
}

/** @param {import('./api.js').Business} business */
function businessButton(business) {
	const chosen = business.phone_number_id === state.business;
	return el(
		'button',
		{
			type: 'button',
			role: 'radio',
			'aria-checked': String(chosen),
			class: chosen ? 'chosen' : '',
			'data-business': business.phone_number_id,
			onclick: () => void state.open(business.phone_number_id, state.customer).catch(notice)
		},
		icon('store', 18),
		el('span', {}, business.name)
	);
}

/** @param {import('./api.js').Customer} customer @param {import('./api.js').Message | undefined} last */
function personRow(customer, last) {
	const chosen = customer.id === state.customer;
	const name = nameOf(customer);
	const line = last ? summary(last) : customer.about || addressOf(customer);
	return el(
		'li',
		{},
		el(
			'button',
			{
				type: 'button',
				class: chosen ? 'person chosen' : 'person',
				'aria-current': chosen ? 'true' : null,
				'data-testid': 'customer-option',
				'data-customer': customer.id,
				onclick: () => {
					closeDrawers();
					void state.open(state.business, customer.id).catch(notice);
				}
			},
			avatar(name),
			el(
				'span',
				{ class: 'person-words' },
				el('span', { class: 'person-name' }, name, last ? el('time', {}, shortTime(last.at)) : null),
				el('span', { class: 'person-line' }, line)
			),
			customer.online ? null : icon('power', 14)
		)
	);
}

/** @param {() => void} done */
function newCustomerForm(done) {
	const form = el('form', { class: 'new-customer', 'data-testid': 'new-customer-form' });
	const label = () => {
		const name = el('input', { name: 'name', required: true, maxlength: '60', autocomplete: 'off' });
		const address = el('input', {
			name: 'address',
			required: true,
			autocomplete: 'off',
			inputmode: 'tel',
			placeholder: '5511912345678'
		});
		const caption = el('span', {}, t('number'));
		/** @param {string} value @param {import('./words.js').Word} word @param {boolean} checked */
		const way = (value, word, checked) =>
			el(
				'label',
				{},
				el('input', {
					type: 'radio',
					name: 'way',
					value,
					checked,
					onchange: () => {
						caption.textContent = t(value === 'number' ? 'number' : 'username');
						address.placeholder = value === 'number' ? '5511912345678' : '@luna.artes';
						address.inputMode = value === 'number' ? 'tel' : 'text';
					}
				}),
				el('span', {}, t(word))
			);
		form.replaceChildren(
			el('label', { class: 'field' }, el('span', {}, t('name')), name),
			el(
				'div',
				{ class: 'segments', role: 'radiogroup' },
				way('number', 'byNumber', true),
				way('username', 'byUsername', false)
			),
			el('label', { class: 'field' }, caption, address),
			el(
				'div',
				{ class: 'row end' },
				el('button', { type: 'button', class: 'quiet', onclick: done }, t('cancel')),
				el('button', { type: 'submit', class: 'primary' }, t('create'))
			)
		);
	};
	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		const given = new FormData(form);
		const address = String(given.get('address')).trim();
		const by = given.get('way') === 'number' ? { wa_id: address.replace(/\D/g, '') } : { username: address };
		try {
			const customer = await ask('/customers', { name: given.get('name'), ...by });
			state.customers.set(customer.id, customer);
			form.reset();
			done();
			closeDrawers();
			await state.open(state.business, customer.id);
		} catch (error) {
			notice(error);
		}
	});
	state.watch(['words'], label);
	label();
	return form;
}
