import { el } from './element.js';
import { icon } from './icons.js';
import { state } from './state.js';
import { clockTime } from './time.js';
import { t } from './words.js';

/** What passes between the product and WhatsApp, newest on top. */
export function logPanel() {
	const heading = el('h2');
	const list = el('ol', { class: 'log', 'data-testid': 'log', tabindex: '0' });
	const empty = el('p', { class: 'hint' });
	function draw() {
		heading.textContent = t('log');
		list.setAttribute('aria-label', t('log'));
		empty.textContent = t('logEmpty');
		empty.hidden = state.log.length > 0;
		list.replaceChildren(...state.log.toReversed().map(row));
	}
	state.watch(['log', 'words'], draw);
	return el('section', { class: 'live' }, heading, empty, list);
}

/** @param {import('./api.js').LogEntry} entry */
function row(entry) {
	const webhook = entry.direction === 'webhook';
	const good = entry.status >= 200 && entry.status < 300;
	const notes = [entry.attempt > 1 ? t('attempt', { n: entry.attempt }) : null, entry.error]
		.filter(Boolean)
		.join(' · ');
	return el(
		'li',
		{ 'data-testid': 'log-row', title: `${entry.method} ${entry.path}` },
		icon(webhook ? 'arrow-up-right' : 'arrow-down-left', 15),
		el('time', { class: 'mono' }, clockTime(Date.parse(entry.at), true)),
		el(
			'span',
			{ class: 'log-words' },
			el('span', {}, `${t(webhook ? 'webhook' : 'call')} · ${entry.summary || entry.method}`),
			notes ? el('small', {}, notes) : null
		),
		el(
			'span',
			{ class: `badge ${good ? 'open' : 'closed'}` },
			entry.status === 0 ? t('noAnswer') : String(entry.status)
		),
		el('span', { class: 'mono ms' }, `${Math.round(entry.ms)} ms`)
	);
}
