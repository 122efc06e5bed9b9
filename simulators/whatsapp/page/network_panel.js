import { ask } from './api.js';
import { el } from './element.js';
import { notice } from './notice.js';
import { toggle } from './person_panel.js';
import { state } from './state.js';
import { t } from './words.js';

const OUTAGES = /** @type {const} */ (['none', 'down', 'unavailable', 'slow_api', 'after_accept']);
const SECONDS = 60;
const QUALITIES = ['GREEN', 'YELLOW', 'RED'];
const TIERS = ['TIER_250', 'TIER_1K', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'];

/** Meta's side: outages, what it thinks of the number, files that expire, and what happens beside the Cloud API. */
export function networkPanel() {
	const box = el('section', { class: 'faults', 'data-testid': 'network' });
	/** @type {Record<string, any>[]} */
	let numbers = [];
	/** @type {{ code: number, ending: string, title: string, when: string }[]} */
	let endings = [];
	/** @param {string} path @param {object} body */
	const tell = (path, body) => ask(path, body).then(() => notice(t('done')), notice);
	/** @param {Record<string, unknown>} change */
	const set = (change) => void ask('/faults', change).catch(notice);

	async function reload() {
		[numbers, endings] = await Promise.all([ask('/numbers'), ask('/number-errors')]);
		draw();
	}

	function draw() {
		const { faults } = state;
		const number = numbers.find((one) => one['phone_number_id'] === state.business);
		if (faults['outage'] === undefined || !number) return;
		const focused = document.activeElement?.id;
		const who = { phone_number_id: state.business, customer: state.customer };
		box.replaceChildren(
			el('h2', {}, t('network')),
			el('p', { class: 'hint' }, t('networkHint')),
			field(
				t('outage'),
				pick(
					'outage',
					OUTAGES.map((name) => [name === 'slow_api' ? 'slow' : name, t(name === 'none' ? 'noOutage' : name)]),
					faults['outage'],
					(mode) => void tell('/outage', { mode, seconds: mode === 'none' ? null : SECONDS })
				),
				faults['outage'] !== 'none'
			),
			field(
				t('quality'),
				pick(
					'quality',
					QUALITIES.map((one) => [one, t(/** @type {any} */ (one.toLowerCase()))]),
					number['quality_rating'],
					(quality_rating) => void change({ quality_rating })
				),
				number['quality_rating'] !== 'GREEN'
			),
			field(
				t('tier'),
				pick(
					'tier',
					TIERS.map((one) => [one, one === 'TIER_UNLIMITED' ? t('unlimited') : one.slice(5)]),
					number['messaging_limit'],
					(messaging_limit) => void change({ messaging_limit })
				)
			),
			el('p', { class: 'hint' }, t('tierUsed', { used: String(number['used']) })),
			toggle(
				'high',
				t('high'),
				number['throughput'] === 'HIGH',
				(on) => void change({ throughput: on ? 'HIGH' : 'STANDARD' })
			),
			toggle('portfolio_limit', t('portfolioLimit'), faults['portfolio_limit'], (on) => set({ portfolio_limit: on })),
			el(
				'div',
				{ class: 'acts' },
				act(t('expireUrls'), () => tell('/media/expire', { what: 'urls' })),
				act(t('expireFiles'), () => tell('/media/expire', { what: 'received' })),
				act(t('echo'), () => tell('/echo', { ...who, text: t('echoText') })),
				act(t('callMissed'), () => tell('/call', { ...who, outcome: 'missed' })),
				act(t('callAnswered'), () => tell('/call', { ...who, outcome: 'answered' })),
				act(t('groupText'), () => tell('/group', { ...who, text: t('groupSays') })),
				act(t('historySync'), () => tell('/history-sync', { ...who, count: 20 }))
			),
			toggle('number_errors', t('numberErrors'), faults['number_errors'], (on) => set({ number_errors: on })),
			el(
				'details',
				{ class: 'endings' },
				el('summary', {}, t('numberErrorsList')),
				el(
					'table',
					{},
					...endings.map(({ code, ending, title, when }) =>
						el(
							'tr',
							{ title },
							el('td', { class: 'mono' }, `…${ending}`),
							el('td', { class: 'mono' }, String(code)),
							el('td', {}, t(when === 'call' ? 'atOnce' : 'later'))
						)
					)
				)
			)
		);
		if (focused) document.getElementById(focused)?.focus();
	}

	/** @param {Record<string, unknown>} body */
	const change = (body) => tell(`/numbers/${state.business}`, body).then(reload);
	const open = () => box.querySelector('details')?.hasAttribute('open') ?? false;
	state.watch(['faults', 'words'], () => {
		const wasOpen = open();
		draw();
		box.querySelector('details')?.toggleAttribute('open', wasOpen);
	});
	let shown = '';
	state.watch(['people'], () => {
		if (shown === state.business) return;
		shown = state.business;
		void reload().catch(notice);
	});
	return box;
}

/** @param {string} words @param {Node} control @param {boolean} [on] */
const field = (words, control, on = false) =>
	el('label', { class: on ? 'pick on' : 'pick' }, el('span', {}, words), control);

/** @param {string} name @param {string[][]} options @param {unknown} now @param {(value: string) => void} onpick */
function pick(name, options, now, onpick) {
	const select = el(
		'select',
		{ id: `network-${name}` },
		...options.map(([value = '', words = '']) => el('option', { value, selected: value === now }, words))
	);
	select.addEventListener('change', () => onpick(select.value));
	return select;
}

/** @param {string} words @param {() => Promise<unknown>} onclick */
const act = (words, onclick) => el('button', { type: 'button', class: 'act', onclick: () => void onclick() }, words);
