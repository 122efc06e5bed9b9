import type { FaultCode } from '../faults.ts';
import { SENDABLE } from './sendable.ts';

export interface RefusedCase {
	name: string;
	content: unknown;
	fault: FaultCode;
}

const A = (count: number) => 'a'.repeat(count);

/** A sendable message with one thing changed: `at('a list…', 'interactive.action.button', '')`; undefined takes it away. */
function at(name: string, path: string, value: unknown): unknown {
	const content: unknown = structuredClone(SENDABLE[name]);
	const names = path.split('.');
	const last = names.pop() ?? '';
	let place = content as Record<string, unknown>;
	for (const part of names) place = place[part] as Record<string, unknown>;
	if (value === undefined) delete place[last];
	else place[last] = value;
	return content;
}

const change = (name: string, path: string, value: unknown, fault: FaultCode): RefusedCase => ({
	name: `${name}, ${path} = ${JSON.stringify(value)?.slice(0, 40)}`,
	content: at(name, path, value),
	fault
});

const row = (id: string, title = 'Pão') => ({ id, title });
const reply = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });
const BUTTONS = 'three buttons';
const LIST = 'a list of two sections';
const sections = 'interactive.action.sections';
const buttons = 'interactive.action.buttons';
const cards = 'interactive.action.cards';
const EVERY = 'a template with every component';

/** What WhatsApp would refuse, and the first reason. */
export const REFUSED: RefusedCase[] = [
	{ name: 'nothing', content: null, fault: 'kind_unknown' },
	{ name: 'a list', content: ['text'], fault: 'kind_unknown' },
	{ name: 'an empty object', content: {}, fault: 'kind_unknown' },
	{ name: 'a kind nobody knows', content: { kind: 'poll', text: 'Oi' }, fault: 'kind_unknown' },
	{ name: 'a kind of every object', content: { kind: 'toString' }, fault: 'kind_unknown' },
	{ name: 'a note, which is not for customers', content: { kind: 'note', text: 'Oi' }, fault: 'kind_unknown' },

	change('a text', 'text', '', 'text_empty'),
	change('a text', 'text', undefined, 'text_empty'),
	change('a text', 'text', ' \n\t\r ', 'text_empty'),
	change('a text', 'text', 5, 'value_invalid'),
	change('a text', 'text', A(4_097), 'text_too_long'),
	change('a text', 'text', '🥖'.repeat(4_097), 'text_too_long'),
	change('a text', 'preview_url', 'yes', 'value_invalid'),
	change('a text', 'media_id', '42', 'field_unknown'),

	change('an uploaded photo', 'path', undefined, 'media_missing'),
	change('an uploaded photo', 'path', '', 'media_not_found'),
	change('an uploaded photo', 'link', 'https://padaria.test/1', 'media_ambiguous'),
	change('an uploaded photo', 'media_id', '42', 'field_unknown'),
	change('an uploaded photo', 'size', undefined, 'field_missing'),
	change('an uploaded photo', 'size', 0, 'media_empty'),
	change('an uploaded photo', 'size', 1.5, 'value_invalid'),
	change('an uploaded photo', 'size', 5 * 1_024 * 1_024 + 1, 'media_too_large'),
	change('an uploaded photo', 'mime_type', 'image/gif', 'media_type_unsupported'),
	change('an uploaded photo', 'mime_type', undefined, 'field_missing'),
	change('an uploaded photo', 'caption', A(1_025), 'caption_too_long'),
	change('an uploaded photo', 'voice', true, 'field_unknown'),
	change('a photo by link', 'link', 'padaria.test/1', 'link_invalid'),
	change('a photo by link', 'link', 'javascript:alert(1)', 'link_invalid'),
	change('a photo by link', 'link', 'https://padaria.test/a b', 'link_invalid'),
	change('a photo by link', 'link', `https://padaria.test/${A(2_048)}`, 'link_too_long'),
	change('a film', 'size', 16 * 1_024 * 1_024 + 1, 'media_too_large'),
	change('a film', 'mime_type', 'video/webm', 'media_type_unsupported'),
	change('a song', 'mime_type', 'audio/webm', 'media_type_unsupported'),
	change('a song', 'voice', true, 'media_type_unsupported'),
	change('a song', 'caption', 'Ouça', 'field_unknown'),
	change('a document', 'mime_type', 'application/zip', 'media_type_unsupported'),
	change('a document', 'size', 100 * 1_024 * 1_024 + 1, 'media_too_large'),
	change('a document', 'filename', A(241), 'filename_too_long'),
	change('a still sticker of 100 KB', 'size', 102_401, 'media_too_large'),
	change('a moving sticker of 500 KB', 'size', 512_001, 'media_too_large'),
	change('a moving sticker of 500 KB', 'mime_type', 'image/png', 'media_type_unsupported'),

	change('a place', 'latitude', 90.0001, 'latitude_invalid'),
	change('a place', 'latitude', undefined, 'latitude_invalid'),
	change('a place', 'latitude', '-23.5', 'value_invalid'),
	change('a place', 'longitude', -180.5, 'longitude_invalid'),
	change('a place', 'name', A(1_001), 'place_too_long'),

	change('a contact', 'contacts', [], 'contacts_missing'),
	change('a contact', 'contacts', undefined, 'contacts_missing'),
	change(
		'a contact',
		'contacts',
		Array(258).fill({ name: { formatted_name: 'A', first_name: 'A' } }),
		'contacts_too_many'
	),
	change('a contact', 'contacts.0.name', undefined, 'contact_name_missing'),
	change('a contact', 'contacts.0.name.formatted_name', ' ', 'contact_name_missing'),
	change('a contact', 'contacts.0.name.first_name', undefined, 'contact_name_incomplete'),
	change('a contact', 'contacts.0.nickname', 'Aninha', 'field_unknown'),
	change('a whole contact', 'contacts.0.phones.0.phone', 11, 'value_invalid'),
	change('a whole contact', 'contacts.0.birthday', '31/01/1990', 'contact_birthday_invalid'),
	change('a whole contact', 'contacts.0.org.title', A(1_001), 'contact_field_too_long'),

	change('a reaction', 'emoji', 'ok', 'reaction_not_one_emoji'),
	change('a reaction', 'emoji', '👍👍', 'reaction_not_one_emoji'),
	change('a reaction', 'emoji', ' 👍', 'reaction_not_one_emoji'),
	change('a reaction', 'emoji', '5', 'reaction_not_one_emoji'),
	change('a reaction', 'emoji', undefined, 'field_missing'),

	change(BUTTONS, 'interactive', undefined, 'field_missing'),
	change(BUTTONS, 'interactive.type', 'buttons', 'kind_unknown'),
	change(BUTTONS, 'interactive.header.text', '', 'header_empty'),
	change(BUTTONS, 'interactive.header.text', A(61), 'header_too_long'),
	change(BUTTONS, 'interactive.header.type', 'audio', 'kind_unknown'),
	change(BUTTONS, 'interactive.body', undefined, 'body_empty'),
	change(BUTTONS, 'interactive.body.text', A(1_025), 'body_too_long'),
	change(BUTTONS, 'interactive.footer.text', '', 'footer_empty'),
	change(BUTTONS, 'interactive.footer.text', A(61), 'footer_too_long'),
	change(BUTTONS, buttons, [], 'buttons_missing'),
	change(
		BUTTONS,
		buttons,
		['1', '2', '3', '4'].map((id) => reply(id, id)),
		'buttons_too_many'
	),
	change(BUTTONS, `${buttons}.0.reply.title`, A(21), 'button_title_too_long'),
	change(BUTTONS, `${buttons}.0.reply.title`, ' ', 'button_title_empty'),
	change(BUTTONS, `${buttons}.0.reply.title`, 'Só café', 'buttons_repeated'),
	change(BUTTONS, `${buttons}.0.reply.id`, '2', 'buttons_repeated'),
	change(BUTTONS, `${buttons}.0.reply.id`, A(257), 'id_too_long'),
	change(BUTTONS, `${buttons}.0.reply.id`, '', 'id_empty'),
	change('a button under an uploaded photo', 'interactive.header.image', undefined, 'media_missing'),
	change('a button under an uploaded photo', 'interactive.header.image.size', 6e6, 'media_too_large'),
	change('a button under an uploaded photo', 'interactive.header.image.id', '42', 'field_unknown'),

	change(LIST, 'interactive.action.button', A(21), 'button_title_too_long'),
	change(LIST, 'interactive.body.text', A(4_097), 'body_too_long'),
	change(LIST, 'interactive.header', { type: 'image', image: { link: 'https://padaria.test' } }, 'kind_unknown'),
	change(LIST, sections, [], 'sections_missing'),
	change(
		LIST,
		sections,
		Array.from({ length: 11 }, (_, n) => ({ title: `${n}`, rows: [row(`${n}`)] })),
		'sections_too_many'
	),
	change(LIST, `${sections}.0.title`, undefined, 'section_title_missing'),
	change(LIST, `${sections}.0.title`, A(25), 'section_title_too_long'),
	change(LIST, `${sections}.0.rows`, [], 'rows_missing'),
	change(LIST, `${sections}.0.rows`, [row('a'), row('b')], 'rows_too_many'),
	change(LIST, `${sections}.0.rows.0.id`, '5', 'rows_repeated'),
	change(LIST, `${sections}.0.rows.0.id`, A(201), 'id_too_long'),
	change(LIST, `${sections}.0.rows.0.title`, A(25), 'row_title_too_long'),
	change(LIST, `${sections}.0.rows.0.title`, '', 'row_title_empty'),
	change(LIST, `${sections}.0.rows.0.description`, A(73), 'row_description_too_long'),

	change('a button that opens a page', 'interactive.action.parameters.url', 'ftp://padaria.test', 'link_invalid'),
	change('a button that opens a page', 'interactive.action.parameters.display_text', A(21), 'button_title_too_long'),
	change('a button that opens a page', 'interactive.action.name', 'url', 'value_invalid'),
	change('a Flow', 'interactive.action.parameters.flow_id', undefined, 'flow_missing'),
	change('a Flow', 'interactive.action.parameters.flow_name', 'pedido', 'flow_ambiguous'),
	change('a Flow', 'interactive.action.parameters.flow_cta', A(31), 'button_title_too_long'),
	change('a Flow', 'interactive.action.parameters.flow_action', 'go', 'value_invalid'),
	change('a Flow', 'interactive.action.parameters.flow_action_payload.screen', '', 'flow_screen_missing'),
	change('a Flow', 'interactive.action.parameters.flow_action_payload.data', {}, 'flow_data_empty'),
	change('a request for a place', 'interactive.body', undefined, 'body_empty'),
	change('a request for a place', 'interactive.footer', { text: 'Oi' }, 'field_unknown'),
	change('a product', 'interactive.action.product_retailer_id', undefined, 'product_missing'),
	change('thirty products', 'interactive.header', undefined, 'header_empty'),
	change('thirty products', `${sections}.0.product_items`, [], 'product_missing'),
	change(
		'thirty products',
		`${sections}.1`,
		{ title: 'Mais', product_items: [{ product_retailer_id: 'x' }] },
		'products_too_many'
	),
	change('thirty products', `${sections}.0.product_items.1.product_retailer_id`, '0', 'products_repeated'),
	change('a catalog', 'interactive.action.name', undefined, 'field_missing'),
	change('a carousel of pages', `${cards}`, [], 'cards_too_few'),
	change('a carousel of pages', `${cards}`, Array(11).fill({}), 'cards_too_many'),
	change('a carousel of pages', `${cards}.0.body.text`, A(161), 'body_too_long'),
	change('a carousel of pages', `${cards}.0.card_index`, 10, 'value_invalid'),
	change(
		'a carousel of pages',
		`${cards}.1.header`,
		{ type: 'video', video: { link: 'https://padaria.test' } },
		'cards_differ'
	),
	change('a carousel of pages', 'interactive.footer', { text: 'Oi' }, 'field_unknown'),

	change(EVERY, 'name', '', 'template_missing'),
	change(EVERY, 'template_id', '5', 'template_missing'),
	change(EVERY, 'language', 'português', 'template_language_invalid'),
	change(EVERY, 'components', undefined, 'field_missing'),
	change(EVERY, 'components.0.parameters.0.image', {}, 'media_missing'),
	change(EVERY, 'components.0.type', 'footer', 'kind_unknown'),
	change(EVERY, 'components.1.parameters.0.text', undefined, 'template_parameter_empty'),
	change(EVERY, 'components.1.parameters.0.text', A(32_769), 'template_parameter_too_long'),
	change(EVERY, 'components', Array(15).fill({ type: 'body' }), 'template_components_too_many'),
	change(EVERY, 'components.3.index', undefined, 'field_missing'),
	change(EVERY, 'components.3.index', 'first', 'value_invalid'),
	change(EVERY, 'components.3.sub_type', 'phone', 'value_invalid'),
	change(EVERY, 'components.6.parameters.0.action', {}, 'template_parameter_empty')
];
