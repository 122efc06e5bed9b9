import { ask } from './api.js';
import { el } from './element.js';
import { notice } from './notice.js';
import { state } from './state.js';
import { t } from './words.js';

/** What Meta can be made to do to a template. @type {[import('./words.js').Word, Record<string, string>][]} */
const VERDICTS = [
	['templateApprove', { action: 'approve' }],
	['templateReject', { action: 'reject' }],
	['templatePause', { action: 'pause' }],
	['templateUnpause', { action: 'unpause' }],
	['templateDisable', { action: 'disable' }],
	['templateGreen', { action: 'quality', quality: 'GREEN' }],
	['templateYellow', { action: 'quality', quality: 'YELLOW' }],
	['templateRed', { action: 'quality', quality: 'RED' }],
	['templateAnnounce', { action: 'announce_category', category: 'MARKETING' }],
	['templateMarketing', { action: 'category', category: 'MARKETING' }],
	['templateUtility', { action: 'category', category: 'UTILITY' }]
];

/** The templates of the business on screen, as Meta holds them, and what Meta may think of each. */
export function templatesPanel() {
	const heading = el('h2');
	const hint = el('p', { class: 'hint' });
	const list = el('ul', { class: 'templates', 'data-testid': 'templates' });
	let asked = 0;
	let shown = '';

	async function draw() {
		heading.textContent = t('templates');
		hint.textContent = t('templatesHint');
		const turn = ++asked;
		const account = state.currentBusiness?.waba_id;
		if (!account) return;
		shown = account;
		/** @type {{ id: string, name: string, language: string, status: string, quality: string, category: string }[]} */
		const all = await ask(`/templates?waba_id=${account}`);
		if (turn === asked) list.replaceChildren(...all.map(row));
	}
	const redraw = () => void draw().catch(notice);
	state.watch(['templates', 'words'], redraw);
	// Every message is news of the chat: only another account's templates are others.
	state.watch(['chat'], () => state.currentBusiness?.waba_id !== shown && redraw());
	return el('section', {}, heading, hint, list);
}

/** @param {{ id: string, name: string, language: string, status: string, quality: string, category: string }} template */
function row({ id, name, language, status, quality, category }) {
	const good = status === 'APPROVED';
	const select = el(
		'select',
		{ 'aria-label': t('templateDo', { name }) },
		el('option', { value: '' }, '…'),
		...VERDICTS.map(([word], index) => el('option', { value: String(index) }, t(word)))
	);
	select.addEventListener('change', () => {
		const verdict = VERDICTS[Number(select.value)]?.[1];
		if (select.value !== '' && verdict) void ask(`/templates/${id}`, verdict).catch(notice);
		select.value = '';
	});
	return el(
		'li',
		{ 'data-testid': 'template-row' },
		el(
			'span',
			{},
			el('strong', {}, name),
			el('small', {}, `${language} · ${category.toLowerCase()} · ${quality.toLowerCase()}`)
		),
		el('span', { class: `badge ${good ? 'open' : 'closed'}` }, status.toLowerCase()),
		select
	);
}
