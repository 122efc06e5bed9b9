import { base64 } from './api.js';
import { place, walk } from './bubble_menu.js';
import { el } from './element.js';
import { icon } from './icons.js';
import { notice } from './notice.js';
import { state } from './state.js';
import { t } from './words.js';

const LARGEST = 25 * 1024 * 1024;

/** Everything a customer can send that isn't typed. */
const samples = /** @type {[string, import('./words.js').Word, () => Record<string, unknown>][]} */ ([
	['image', 'photoSample', () => ({ kind: 'image', caption: 'Olha só!' })],
	['mic', 'voice', () => ({ kind: 'voice' })],
	['file-text', 'documentSample', () => ({ kind: 'document', filename: 'comprovante.pdf' })],
	[
		'map-pin',
		'location',
		() => ({
			kind: 'location',
			content: {
				latitude: -23.5614,
				longitude: -46.6559,
				name: 'Casa da Marina',
				address: 'Av. Paulista, 1578, São Paulo'
			}
		})
	],
	[
		'user-round',
		'contact',
		() => ({
			kind: 'contacts',
			contacts: [{ name: 'Rita de Souza', phone: '+55 11 97777-1234', company: 'Buffet da Rita' }]
		})
	],
	['sticker', 'sticker', () => ({ kind: 'sticker' })],
	[
		'shopping-bag',
		'order',
		() => ({
			kind: 'order',
			text: '',
			items: [
				{ product: 'BOLO-CENOURA', quantity: 1, price: 48 },
				{ product: 'PAO-QUEIJO-12', quantity: 2, price: 18.5 }
			]
		})
	],
	['megaphone', 'ad', () => ({ kind: 'text', text: t('adText'), referral: true })],
	['ban', 'unsupportedKind', () => ({ kind: 'unsupported' })]
]);

/** The paper clip and what is behind it. */
export function attachMenu() {
	const photos = picker('image/png,image/jpeg,video/mp4', 'file-photo');
	const documents = picker('', 'file-document');
	const toggle = el(
		'button',
		{ type: 'button', class: 'plain', 'aria-haspopup': 'menu', 'data-testid': 'attach' },
		icon('paperclip', 20)
	);
	const menu = el('div', { class: 'menu attach', popover: 'auto', role: 'menu', onkeydown: walk });
	toggle.addEventListener('click', () => {
		menu.showPopover();
		place(menu, toggle);
		menu.querySelector('button')?.focus();
	});

	/** @param {string} mark @param {import('./words.js').Word} word @param {() => unknown} run */
	const item = (mark, word, run) =>
		el(
			'button',
			{
				type: 'button',
				role: 'menuitem',
				'data-testid': `attach-${word}`,
				onclick: () => {
					menu.hidePopover();
					run();
				}
			},
			icon(mark, 18),
			t(word)
		);
	const label = () => {
		toggle.setAttribute('aria-label', t('attach'));
		toggle.title = t('attach');
		menu.replaceChildren(
			item('image', 'photoFile', () => photos.click()),
			item('file-text', 'documentFile', () => documents.click()),
			el('hr'),
			...samples.map(([mark, word, action]) => item(mark, word, () => void state.act(action()).catch(notice)))
		);
	};
	state.watch(['words'], label);
	label();
	return el('div', { class: 'menu-anchor' }, toggle, menu, photos, documents);
}

/** A hidden file field that sends what is picked. @param {string} accept @param {string} testid */
function picker(accept, testid) {
	const field = el('input', { type: 'file', hidden: true, accept, 'data-testid': testid, tabindex: '-1' });
	field.addEventListener('change', () => {
		const [file] = field.files ?? [];
		field.value = '';
		if (file) void sendFile(file, accept !== '').catch(notice);
	});
	return field;
}

/** @param {File} file @param {boolean} asMedia */
async function sendFile(file, asMedia) {
	if (file.size > LARGEST) throw new Error(t('tooLarge'));
	const kind = !asMedia ? 'document' : file.type.startsWith('video/') ? 'video' : 'image';
	await state.act({
		kind,
		data: await base64(file),
		mime_type: file.type || 'text/plain',
		...(kind === 'document' ? { filename: file.name } : {})
	});
}
