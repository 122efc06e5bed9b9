import type { SendFault } from './faults.ts';
import type { TemplateText } from './component.ts';

/* One table of sends for the check here and the one in the database: both must say the same of each. */

const text = (value: unknown) => ({ type: 'text', text: value });
const named = (parameter_name: string, value: string) => ({ type: 'text', parameter_name, text: value });
const body = (...parameters: unknown[]) => ({ type: 'body', parameters });
const header = (...parameters: unknown[]) => ({ type: 'header', parameters });
const button = (index: unknown, sub_type: string, parameter: unknown) => ({
	type: 'button',
	sub_type,
	index,
	parameters: [parameter]
});

const positional = (...components: TemplateText['components']): TemplateText => ({
	parameter_format: 'POSITIONAL',
	components
});

export const PLAIN = positional({ type: 'BODY', text: 'Seu pedido está pronto.' });
export const ORDER = positional(
	{ type: 'HEADER', format: 'TEXT', text: 'Pedido {{1}}' },
	{ type: 'BODY', text: 'Oi, {{1}}! Seu pedido {{2}} sai às {{3}}. Até já, {{1}}!' },
	{ type: 'FOOTER', text: 'Padaria Pão Quente' }
);
export const NAMED: TemplateText = {
	parameter_format: 'NAMED',
	components: [{ type: 'BODY', text: 'Oi, {{nome}}! Falta pouco para {{dia}}.' }]
};
export const IMAGE = positional(
	{ type: 'HEADER', format: 'IMAGE' },
	{ type: 'BODY', text: 'Oferta de hoje.' },
	{
		type: 'BUTTONS',
		buttons: [
			{ type: 'QUICK_REPLY', text: 'Quero' },
			{ type: 'URL', text: 'Ver', url: 'https://padaria.test/{{1}}' },
			{ type: 'COPY_CODE', text: 'Copiar', example: 'PAO10' },
			{ type: 'URL', text: 'Site', url: 'https://padaria.test' }
		]
	}
);
export const PLACE = positional({ type: 'HEADER', format: 'LOCATION' }, { type: 'BODY', text: 'Estamos aqui.' });
const card = (name: string) => ({
	components: [
		{ type: 'HEADER' as const, format: 'IMAGE' as const },
		{ type: 'BODY' as const, text: `${name} por {{1}} reais.` },
		{ type: 'BUTTONS' as const, buttons: [{ type: 'QUICK_REPLY', text: 'Quero' }] }
	]
});
export const CAROUSEL = positional(
	{ type: 'BODY', text: 'Nossos bolos, {{1}}.' },
	{ type: 'CAROUSEL', cards: [card('Cenoura'), card('Fubá')] }
);
export const OFFER = positional(
	{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Só hoje', has_expiration: true } },
	{ type: 'BODY', text: 'Corra, que acaba.' }
);
export const CODE = positional(
	{ type: 'BODY', text: '*{{1}}* é seu código de verificação.' },
	{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copiar código' }] }
);

const image = (file: unknown) => header({ type: 'image', image: file });
const link = { link: 'https://padaria.test/pao.jpg' };
const filled = [
	image(link),
	button('1', 'url', text('oferta')),
	button(2, 'copy_code', { type: 'coupon_code', coupon_code: 'PAO10' })
];
const cardOf = (card_index: number, price: string) => ({
	card_index,
	components: [image(link), body(text(price))]
});

export interface SendCase {
	name: string;
	template: TemplateText;
	components: unknown;
	/** The body as it reads, or the fault. */
	reads?: string;
	fault?: SendFault;
}

export const SEND_CASES: SendCase[] = [
	{ name: 'nothing to fill', template: PLAIN, components: [], reads: 'Seu pedido está pronto.' },
	{ name: 'no components at all', template: PLAIN, components: null, reads: 'Seu pedido está pronto.' },
	{ name: 'a value too many', template: PLAIN, components: [body(text('x'))], fault: 'body_count' },
	{ name: 'a header nobody asked for', template: PLAIN, components: [header(text('x'))], fault: 'header_unexpected' },
	{ name: 'an unknown part', template: PLAIN, components: [{ type: 'foot' }], fault: 'components_invalid' },
	{ name: 'a part twice', template: PLAIN, components: [body(), body()], fault: 'components_invalid' },
	{ name: 'no list', template: PLAIN, components: { type: 'body' }, fault: 'components_invalid' },
	{
		name: 'a variable that stands twice is given once',
		template: ORDER,
		components: [header(text('42')), body(text('Ana'), text('42'), text('9h'))],
		reads: 'Oi, Ana! Seu pedido 42 sai às 9h. Até já, Ana!'
	},
	{
		name: 'a value that looks like a variable is left alone',
		template: ORDER,
		components: [header(text('42')), body(text('{{2}}'), text('42'), text('9h'))],
		reads: 'Oi, {{2}}! Seu pedido 42 sai às 9h. Até já, {{2}}!'
	},
	{
		name: 'money and dates read as their fallback',
		template: ORDER,
		components: [
			header(text('42')),
			body(
				text('Ana'),
				{ type: 'currency', currency: { fallback_value: 'R$ 10', code: 'BRL', amount_1000: 10000 } },
				{ type: 'date_time', date_time: { fallback_value: 'sexta' } }
			)
		],
		reads: 'Oi, Ana! Seu pedido R$ 10 sai às sexta. Até já, Ana!'
	},
	{
		name: 'a value too few',
		template: ORDER,
		components: [header(text('42')), body(text('Ana'), text('42'))],
		fault: 'body_count'
	},
	{
		name: 'no header value',
		template: ORDER,
		components: [body(text('a'), text('b'), text('c'))],
		fault: 'header_count'
	},
	{ name: 'an empty value', template: ORDER, components: [header(text(' ')), body()], fault: 'value_empty' },
	{ name: 'a value on two lines', template: ORDER, components: [header(text('4\n2')), body()], fault: 'value_format' },
	{
		name: 'a value with a run of spaces',
		template: ORDER,
		components: [header(text('4     2')), body()],
		fault: 'value_format'
	},
	{ name: 'a number for a text', template: ORDER, components: [header(text(42)), body()], fault: 'value_type' },
	{ name: 'an image for a text', template: ORDER, components: [image(link), body()], fault: 'value_type' },
	{
		name: 'a header that grows too long',
		template: ORDER,
		components: [header(text('x'.repeat(54))), body()],
		fault: 'header_too_long'
	},
	{
		name: 'a header that just fits, counted in characters',
		template: ORDER,
		components: [header(text('🍞'.repeat(53))), body(text('a'), text('b'), text('c'))],
		reads: 'Oi, a! Seu pedido b sai às c. Até já, a!'
	},
	{
		name: 'a body that grows too long',
		template: ORDER,
		components: [header(text('1')), body(text('a'), text('x'.repeat(1_024)), text('c'))],
		fault: 'body_too_long'
	},
	{
		name: 'a body that stands alone may be long',
		template: NAMED,
		components: [body(named('nome', 'x'.repeat(2_000)), named('dia', 'y'))],
		reads: `Oi, ${'x'.repeat(2_000)}! Falta pouco para y.`
	},
	{
		name: 'named values in any order',
		template: NAMED,
		components: [body(named('dia', 'sexta'), named('nome', 'Ana'))],
		reads: 'Oi, Ana! Falta pouco para sexta.'
	},
	{
		name: 'a name nobody knows',
		template: NAMED,
		components: [body(named('nome', 'Ana'), named('data', 'x'))],
		fault: 'body_name'
	},
	{
		name: 'a name twice',
		template: NAMED,
		components: [body(named('nome', 'Ana'), named('nome', 'x'))],
		fault: 'body_name'
	},
	{ name: 'names left out', template: NAMED, components: [body(text('Ana'), text('x'))], fault: 'body_name' },
	{ name: 'an image by link', template: IMAGE, components: filled, reads: 'Oferta de hoje.' },
	{
		name: 'an image by id',
		template: IMAGE,
		components: [image({ id: '1' }), ...filled.slice(1)],
		reads: 'Oferta de hoje.'
	},
	{
		name: 'an uploaded image',
		template: IMAGE,
		components: [image({ path: 'a/b.jpg' }), ...filled.slice(1)],
		reads: 'Oferta de hoje.'
	},
	{ name: 'no image', template: IMAGE, components: filled.slice(1), fault: 'header_missing' },
	{
		name: 'an image of nothing',
		template: IMAGE,
		components: [image({}), ...filled.slice(1)],
		fault: 'header_missing'
	},
	{
		name: 'a link that is none',
		template: IMAGE,
		components: [image({ link: 'pao.jpg' }), ...filled.slice(1)],
		fault: 'header_missing'
	},
	{
		name: 'a video for an image',
		template: IMAGE,
		components: [header({ type: 'video', video: link }), ...filled.slice(1)],
		fault: 'header_type'
	},
	{ name: 'no end for the link', template: IMAGE, components: [filled[0], filled[2]], fault: 'button_missing' },
	{ name: 'no coupon', template: IMAGE, components: filled.slice(0, 2), fault: 'button_missing' },
	{
		name: 'a coupon too long',
		template: IMAGE,
		components: [...filled.slice(0, 2), button('2', 'copy_code', { type: 'coupon_code', coupon_code: 'x'.repeat(16) })],
		fault: 'button_code_too_long'
	},
	{
		name: 'an end with a space',
		template: IMAGE,
		components: [filled[0], button('1', 'url', text('a b')), filled[2]],
		fault: 'button_url_invalid'
	},
	{
		name: 'the wrong kind of button',
		template: IMAGE,
		components: [filled[0], button('1', 'quick_reply', text('a')), filled[2]],
		fault: 'button_type'
	},
	{
		name: 'an answer to a quick reply',
		template: IMAGE,
		components: [...filled, button('0', 'quick_reply', { type: 'payload', payload: 'sim' })],
		reads: 'Oferta de hoje.'
	},
	{
		name: 'a long answer to a quick reply',
		template: IMAGE,
		components: [...filled, button('0', 'quick_reply', { type: 'payload', payload: 'x'.repeat(257) })],
		fault: 'button_payload_too_long'
	},
	{
		name: 'a value for a fixed link',
		template: IMAGE,
		components: [...filled, button('3', 'url', text('a'))],
		fault: 'button_unexpected'
	},
	{
		name: 'a button there is not',
		template: IMAGE,
		components: [...filled, button('4', 'url', text('a'))],
		fault: 'button_unexpected'
	},
	{
		name: 'a button twice',
		template: IMAGE,
		components: [...filled, button('1', 'url', text('a'))],
		fault: 'button_unexpected'
	},
	{
		name: 'a button without a place',
		template: IMAGE,
		components: [...filled, button(undefined, 'url', text('a'))],
		fault: 'button_unexpected'
	},
	{
		name: 'a place',
		template: PLACE,
		components: [header({ type: 'location', location: { latitude: -23.5, longitude: -46.6 } })],
		reads: 'Estamos aqui.'
	},
	{
		name: 'half a place',
		template: PLACE,
		components: [header({ type: 'location', location: { latitude: -23.5 } })],
		fault: 'header_missing'
	},
	{
		name: 'a carousel',
		template: CAROUSEL,
		components: [body(text('Ana')), { type: 'carousel', cards: [cardOf(1, '30'), cardOf(0, '28')] }],
		reads: 'Nossos bolos, Ana.'
	},
	{ name: 'a carousel without its cards', template: CAROUSEL, components: [body(text('Ana'))], fault: 'cards_count' },
	{
		name: 'a card too few',
		template: CAROUSEL,
		components: [body(text('Ana')), { type: 'carousel', cards: [cardOf(0, '28')] }],
		fault: 'cards_count'
	},
	{
		name: 'the same card twice',
		template: CAROUSEL,
		components: [body(text('Ana')), { type: 'carousel', cards: [cardOf(0, '28'), cardOf(0, '30')] }],
		fault: 'cards_count'
	},
	{
		name: 'a card without its value',
		template: CAROUSEL,
		components: [
			body(text('Ana')),
			{ type: 'carousel', cards: [cardOf(0, '28'), { card_index: 1, components: [image(link)] }] }
		],
		fault: 'body_count'
	},
	{
		name: 'cards nobody asked for',
		template: PLAIN,
		components: [{ type: 'carousel', cards: [cardOf(0, '28')] }],
		fault: 'cards_count'
	},
	{
		name: 'an offer with its end',
		template: OFFER,
		components: [
			{
				type: 'limited_time_offer',
				parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1764000000000 } }]
			}
		],
		reads: 'Corra, que acaba.'
	},
	{ name: 'an offer without its end', template: OFFER, components: [], fault: 'offer_missing' },
	{
		name: 'a code and its button',
		template: CODE,
		components: [body(text('482913')), button('0', 'url', text('482913'))],
		reads: '*482913* é seu código de verificação.'
	},
	{ name: 'a code without its button', template: CODE, components: [body(text('482913'))], fault: 'button_missing' }
];
