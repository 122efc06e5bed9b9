import { ask } from './api.js';
import { el } from './element.js';
import { notice } from './notice.js';
import { toggle } from './person_panel.js';
import { state } from './state.js';
import { t } from './words.js';

const CHANCES = /** @type {[number, import('./words.js').Word][]} */ ([
	[0, 'never'],
	[0.3, 'sometimes'],
	[1, 'always']
]);
const PLAIN = /** @type {const} */ (['twice', 'out_of_order', 'slow', 'dropped', 'early_status', 'answer_lost']);
const FAIL_CODES = [131026, 131047, 131049, 131050, 131053, 130472, 131000];
const REFUSE_CODES = [131000, 130429, 131056, 131048, 80007, 190, 10, 131016, 131031, 132001];

/** The switches that make things go wrong, in plain words. */
export function faultsPanel() {
	const box = el('section', { class: 'faults', 'data-testid': 'faults' });
	/** @param {Record<string, unknown>} change */
	const set = (change) => void ask('/faults', change).catch(notice);

	function draw() {
		const { faults } = state;
		if (faults['twice'] === undefined) return;
		const focused = document.activeElement?.id;
		box.replaceChildren(
			el('h2', {}, t('faults')),
			el('p', { class: 'hint' }, t('faultsHint')),
			...PLAIN.map((name) => chance(name, t(name), set)),
			withCode('fail', 'fail_code', FAIL_CODES, set),
			withCode('refuse', 'refuse_code', REFUSE_CODES, set),
			choice('window', t('windowRule'), ['lenient', 'strict', 'closed'], set),
			toggle('paused', t('paused'), faults['paused'], (on) => set({ paused: on })),
			toggle('limits', t('limits'), faults['pair_limit'], (on) => set({ pair_limit: on, throughput: on ? 80 : null }))
		);
		if (focused) document.getElementById(focused)?.focus();
	}
	state.watch(['faults', 'words'], draw);
	return box;
}

/** @param {string} name @param {string} words @param {(change: Record<string, unknown>) => void} set @param {Node | null} [more] */
function chance(name, words, set, more = null) {
	const now = Number(state.faults[name]);
	const options = CHANCES.map(([value, word]) =>
		el(
			'label',
			{},
			el('input', {
				type: 'radio',
				id: `fault-${name}-${word}`,
				name: `fault-${name}`,
				checked: value === now || (value === 0.3 && now > 0 && now < 1),
				onchange: () => set({ [name]: value })
			}),
			el('span', {}, t(word))
		)
	);
	return group(words, now > 0, options, more);
}

/** @param {'fail' | 'refuse'} name @param {string} codeName @param {number[]} codes @param {(change: Record<string, unknown>) => void} set */
function withCode(name, codeName, codes, set) {
	const select = el(
		'select',
		{ id: `fault-${codeName}`, 'aria-label': t(name), class: 'mono' },
		...codes.map((code) =>
			el('option', { value: String(code), selected: code === state.faults[codeName] }, String(code))
		)
	);
	select.addEventListener('change', () => set({ [codeName]: Number(select.value) }));
	return chance(name, t(name), set, select);
}

/** @param {string} name @param {string} words @param {import('./words.js').Word[]} values @param {(change: Record<string, unknown>) => void} set */
function choice(name, words, values, set) {
	const options = values.map((value) =>
		el(
			'label',
			{},
			el('input', {
				type: 'radio',
				id: `fault-${name}-${value}`,
				name: `fault-${name}`,
				checked: state.faults[name] === value,
				onchange: () => set({ [name]: value })
			}),
			el('span', {}, t(value))
		)
	);
	return group(words, state.faults[name] !== values[0], options, null);
}

/** @param {string} words @param {boolean} on @param {Node[]} options @param {Node | null} more */
const group = (words, on, options, more) =>
	el(
		'div',
		{ class: on ? 'fault on' : 'fault', role: 'radiogroup', 'aria-label': words },
		el('div', { class: 'row' }, el('span', {}, words), more),
		el('div', { class: 'segments' }, ...options)
	);
