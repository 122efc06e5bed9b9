import { ask } from './api.js';
import { el } from './element.js';
import { icon } from './icons.js';
import { notice } from './notice.js';
import { richText } from './rich_text.js';
import { state } from './state.js';
import { t } from './words.js';

/** @typedef {import('./api.js').Message} Message */

/** Where the bytes of a media part are, from the simulator or from a link. @param {Record<string, any>} part */
const source = (part) => (part['id'] ? `/_simulator/media/${part['id']}` : '');

/** @param {string | undefined} text */
const paragraph = (text) => (text ? el('p', { class: 'text' }, richText(text)) : null);

/** @param {import('./element.js').Child} mark @param {string} title @param {string} line @param {Record<string, unknown>} [attributes] */
function card(mark, title, line, attributes = {}) {
	const tag = attributes['href'] ? 'a' : 'div';
	return el(
		tag,
		{ class: 'card', ...attributes },
		el('span', { class: 'card-mark' }, mark),
		el('span', { class: 'card-words' }, el('strong', {}, title), el('span', {}, line))
	);
}

/** Does something as the customer and says so when it cannot be done. @param {Record<string, unknown>} action */
const act = (action) => void state.act(action).catch(notice);

/** @type {Record<string, (message: Message) => import('./element.js').Child[]>} */
const byKind = {
	text: ({ content }) => [paragraph(content['body'])],
	image: (message) => [picture(message), paragraph(message.content['caption'])],
	video: ({ content }) => [
		el('video', { class: 'picture', src: source(content), controls: true, preload: 'metadata' }),
		paragraph(content['caption'])
	],
	audio: (message) => [
		el('audio', {
			src: source(message.content),
			controls: true,
			preload: 'metadata',
			'aria-label': t(message.content['voice'] ? 'voice' : 'audio'),
			onplay: () =>
				message.direction === 'out' && void ask('/played', { message_id: message.id }).catch(() => undefined)
		})
	],
	document: ({ content }) => {
		const name = content['filename'] ?? t('document');
		const address = source(content) || content['link'];
		return [
			card(
				icon('file-text', 22),
				name,
				String(content['mime_type'] ?? '')
					.split('/')
					.at(-1)
					?.toUpperCase() ?? '',
				{
					href: address,
					download: name,
					'aria-label': t('download', { name })
				}
			),
			paragraph(content['caption'])
		];
	},
	sticker: ({ content }) => [el('img', { class: 'sticker', src: source(content), alt: t('sticker') })],
	location: ({ content }) => [
		el('div', { class: 'map', 'aria-hidden': 'true' }, icon('map-pin', 28)),
		card(
			icon('map-pin', 20),
			content['name'] ?? t('location'),
			content['address'] ?? `${content['latitude']}, ${content['longitude']}`
		)
	],
	contacts: ({ content }) =>
		(content['contacts'] ?? []).map((/** @type {any} */ one) =>
			card(icon('user-round', 22), one.name?.formatted_name ?? t('contact'), one.phones?.[0]?.phone ?? '')
		),
	order: ({ content }) => {
		const items = /** @type {any[]} */ (content['product_items'] ?? []);
		const total = items.reduce((sum, item) => sum + item.quantity * item.item_price, 0);
		return [
			card(
				icon('shopping-bag', 22),
				`${t('order')} · ${t('items', { n: items.length })}`,
				`${total.toFixed(2)} ${items[0]?.currency ?? ''}`
			),
			paragraph(content['text'])
		];
	},
	button: ({ content }) => [paragraph(content['text'])],
	interactive: (message) => interactive(message),
	template: (message) => template(message),
	unsupported: () => [el('p', { class: 'text faint' }, icon('ban', 15), ' ', t('unsupportedKind'))]
};

/** @param {Message} message */
function picture({ content }) {
	const address = source(content);
	return address
		? el('img', { class: 'picture', src: address, alt: content['caption'] ?? t('photo'), loading: 'lazy' })
		: card(icon('image', 22), t('photo'), String(content['link'] ?? ''));
}

/** @param {Message} message */
function interactive(message) {
	const { content } = message;
	const answer = content['button_reply'] ?? content['list_reply'];
	if (answer)
		return [paragraph(answer.title), answer.description ? el('p', { class: 'text faint' }, answer.description) : null];
	if (content['nfm_reply']) return [card(icon('list', 20), t('answered'), content['nfm_reply'].name ?? 'flow')];
	return [
		content['header']?.text ? el('p', { class: 'text' }, el('strong', {}, content['header'].text)) : null,
		paragraph(content['body']?.text),
		content['footer']?.text ? el('p', { class: 'text faint' }, content['footer'].text) : null,
		choices(message)
	];
}

/** What the business offers to tap. @param {Message} message */
function choices({ id, content }) {
	const { buttons, sections, button, parameters } = content['action'] ?? {};
	if (buttons) {
		const taps = buttons.map((/** @type {any} */ one) =>
			el(
				'button',
				{
					type: 'button',
					onclick: () => act({ kind: 'button_reply', id: one.reply.id, title: one.reply.title, context: id })
				},
				one.reply.title
			)
		);
		return el('div', { class: 'choices' }, ...taps);
	}
	if (sections?.some((/** @type {any} */ one) => one.rows)) {
		const rows = sections.flatMap((/** @type {any} */ section) => [
			section.title ? el('strong', { class: 'choice-title' }, section.title) : null,
			...(section.rows ?? []).map((/** @type {any} */ row) =>
				el(
					'button',
					{
						type: 'button',
						onclick: () =>
							act({
								kind: 'list_reply',
								context: id,
								content: { id: row.id, title: row.title, ...(row.description ? { description: row.description } : {}) }
							})
					},
					el('span', {}, row.title),
					row.description ? el('small', {}, row.description) : null
				)
			)
		]);
		return el(
			'details',
			{
				class: 'choices',
				ontoggle: reveal
			},
			el('summary', {}, icon('list', 16), button ?? t('openList')),
			...rows
		);
	}
	const label = parameters?.display_text ?? parameters?.flow_cta;
	if (!label) return null;
	const answerForm = () =>
		act({ kind: 'nfm_reply', context: id, response: { flow_token: parameters?.flow_token ?? '', resposta: 'ok' } });
	return el(
		'div',
		{ class: 'choices' },
		el('button', { type: 'button', onclick: parameters?.flow_cta ? answerForm : () => undefined }, label)
	);
}

/** A list that opens at the bottom comes into sight. @param {Event} event */
const reveal = ({ target }) => target instanceof Element && target.scrollIntoView({ block: 'nearest' });

/** A template as WhatsApp filled it in; quick replies can be tapped. @param {Message} message */
function template({ id, content }) {
	const rendered = content['rendered'] ?? { header: null, body: content['name'], footer: '', buttons: [], cards: [] };
	/** @param {any} part @param {number} index */
	const button = (part, index) =>
		el(
			'button',
			{
				type: 'button',
				disabled: part.type !== 'QUICK_REPLY',
				title: part.url ?? '',
				onclick: () => {
					const given = (content['components'] ?? []).find(
						(/** @type {any} */ one) => one.type === 'button' && String(one.index) === String(index)
					);
					act({ kind: 'button', text: part.text, payload: given?.parameters?.[0]?.payload ?? part.text, context: id });
				}
			},
			part.text || t('template')
		);
	/** @param {any} part */
	const level = (part) => [
		part.header && part.header.format !== 'TEXT' ? headerFile(part.header) : null,
		part.header?.text ? el('p', { class: 'text' }, el('strong', {}, part.header.text)) : null,
		paragraph(part.body),
		part.footer ? el('p', { class: 'text faint' }, part.footer) : null,
		part.buttons.length ? el('div', { class: 'choices' }, ...part.buttons.map(button)) : null
	];
	return [...level(rendered), ...rendered.cards.flatMap(level)];
}

/** @param {any} header */
function headerFile({ format, file }) {
	const address = file?.id ? `/_simulator/media/${file.id}` : '';
	if (format === 'IMAGE' && address)
		return el('img', { class: 'picture', src: address, alt: t('photo'), loading: 'lazy' });
	const mark = icon(format === 'IMAGE' ? 'image' : 'file-text', 22);
	const words = file?.filename ?? file?.link ?? file?.name ?? '';
	return card(mark, format === 'IMAGE' ? t('photo') : t('document'), String(words));
}

/**
 * What stands in a bubble.
 * @param {Message} message
 * @returns {import('./element.js').Child[]}
 */
export function bubbleContent(message) {
	if (message.revoked_at) return [el('p', { class: 'text faint' }, icon('ban', 15), ' ', t('deleted'))];
	const render = byKind[message.kind];
	return render ? render(message) : [el('p', { class: 'text faint' }, `${t('unknown')} (${message.kind})`)];
}
