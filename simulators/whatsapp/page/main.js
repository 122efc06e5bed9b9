import { chatView } from './chat_view.js';
import { composer } from './composer.js';
import { customersPanel } from './customers_panel.js';
import { closeDrawers, watchDrawers } from './drawers.js';
import { el } from './element.js';
import { faultsPanel } from './faults_panel.js';
import { icon } from './icons.js';
import { logPanel } from './log_panel.js';
import { networkPanel } from './network_panel.js';
import { notice } from './notice.js';
import { personPanel } from './person_panel.js';
import { phoneHeader } from './phone_header.js';
import { loadPreferences, preferenceButtons } from './preferences.js';
import { state } from './state.js';
import { templatesPanel } from './templates_panel.js';
import { t } from './words.js';

/** A panel's top: a title or the preferences, and the button that closes it where it is a drawer. @param {...Node} parts */
function top(...parts) {
	const close = el(
		'button',
		{ type: 'button', class: 'plain only-narrow drawer-close', onclick: closeDrawers },
		icon('x', 20)
	);
	const label = () => close.setAttribute('aria-label', t('close'));
	state.watch(['words'], label);
	label();
	return el('div', { class: 'panel-top' }, ...parts, close);
}

/** A panel beside the phone, named for whoever hears the page. @param {'people' | 'controls'} id @param {...(Node | string)} parts */
function panel(id, ...parts) {
	const aside = el('aside', { class: 'panel', id }, ...parts);
	const label = () => aside.setAttribute('aria-label', t(id));
	state.watch(['words'], label);
	label();
	return aside;
}

function title() {
	const words = el('h1');
	const label = () => (words.textContent = t('title'));
	state.watch(['words'], label);
	label();
	return words;
}

async function start() {
	loadPreferences();
	const offline = el('div', { class: 'offline', role: 'status', hidden: true });
	state.watch(['connection', 'words'], () => {
		offline.textContent = t('reconnecting');
		offline.hidden = state.connected;
	});
	document.body.append(
		panel('people', top(title()), ...customersPanel()),
		el(
			'main',
			{ class: 'stage' },
			el('div', { class: 'phone' }, el('div', { class: 'screen' }, offline, phoneHeader(), chatView(), composer()))
		),
		panel(
			'controls',
			top(preferenceButtons()),
			personPanel(),
			logPanel(),
			faultsPanel(),
			templatesPanel(),
			networkPanel()
		),
		el('button', { type: 'button', class: 'backdrop', tabindex: '-1', 'aria-hidden': 'true', onclick: closeDrawers })
	);
	watchDrawers();
	await state.load();
	const query = new URLSearchParams(location.search);
	const business = state.businesses.find((one) => one.phone_number_id === query.get('business')) ?? state.businesses[0];
	const customers = [...state.customers.values()];
	const wanted = query.get('customer')?.replace(/^[+@]/, '') ?? '';
	const customer =
		customers.find((one) => one.id === wanted || one.wa_id === wanted || one.username === `@${wanted}`) ?? customers[0];
	if (business && customer) await state.open(business.phone_number_id, customer.id);
	state.connect();
}

start().catch(notice);
