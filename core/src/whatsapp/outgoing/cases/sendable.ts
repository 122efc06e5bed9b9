import type { OutgoingContent } from '../content.ts';

const pdf = {
	path: 'p/uploads/u/1/cardapio.pdf',
	mime_type: 'application/pdf',
	size: 20_000,
	filename: 'cardápio.pdf'
};
const photo = { path: 'p/uploads/u/1/pao.jpg', mime_type: 'image/jpeg', size: 20_000 };
const link = { link: 'https://padaria.test/pao.jpg' };
const body = { text: 'O que vai ser?' };
const button = (id: string, title: string) => ({ type: 'reply' as const, reply: { id, title } });
const rows = (count: number, from = 0) =>
	Array.from({ length: count }, (_, n) => ({ id: `${from + n}`, title: `Pão ${from + n}` }));

/** One message or more of every kind that WhatsApp takes, at its limits where it has any. */
export const SENDABLE: Record<string, OutgoingContent> = {
	'a text': { kind: 'text', text: 'Bom dia!' },
	'a text of 4,096 characters': { kind: 'text', text: 'a'.repeat(4_096) },
	'a text of 4,096 emoji': { kind: 'text', text: '🥖'.repeat(4_096) },
	'a text with a link': { kind: 'text', text: 'Veja https://padaria.test', preview_url: true },
	'a field that says nothing': { kind: 'text', text: 'Oi', preview_url: null },
	'an uploaded photo': { kind: 'image', ...photo, caption: 'a'.repeat(1_024), filename: 'pao.jpg' },
	'a photo by link': { kind: 'image', ...link },
	'a photo of 5 MB': { kind: 'image', ...photo, size: 5 * 1_024 * 1_024 },
	'a film': { kind: 'video', path: 'p/1', mime_type: 'video/mp4', size: 16 * 1_024 * 1_024, caption: 'O forno' },
	'a recorded voice': {
		kind: 'audio',
		path: 'p/1',
		mime_type: 'audio/ogg; codecs=opus',
		size: 9_000,
		voice: true,
		filename: 'voz.ogg'
	},
	'a song': { kind: 'audio', path: 'p/1', mime_type: 'audio/mpeg', size: 9_000 },
	'a document': { kind: 'document', ...pdf, caption: 'O cardápio' },
	'a photo as a document': { kind: 'document', ...photo },
	'a still sticker of 100 KB': { kind: 'sticker', path: 'p/1', mime_type: 'image/webp', size: 102_400 },
	'a moving sticker of 500 KB': {
		kind: 'sticker',
		path: 'p/1',
		mime_type: 'image/webp',
		size: 512_000,
		animated: true
	},
	'a place': { kind: 'location', latitude: -23.55, longitude: -46.63, name: 'Padaria', address: 'Rua A, 1' },
	'the South Pole': { kind: 'location', latitude: -90, longitude: 180 },
	'a contact': { kind: 'contacts', contacts: [{ name: { formatted_name: 'Ana', first_name: 'Ana' } }] },
	'a whole contact': {
		kind: 'contacts',
		contacts: [
			{
				name: { formatted_name: 'Dra. Ana Souza', last_name: 'Souza', prefix: 'Dra.' },
				phones: [{ phone: '+5511987654321', type: 'CELL', wa_id: '5511987654321' }],
				emails: [{ email: 'ana@padaria.test', type: 'WORK' }],
				urls: [{ url: 'https://padaria.test', type: 'WORK' }],
				addresses: [{ street: 'Rua A, 1', city: 'São Paulo', country_code: 'BR', type: 'WORK' }],
				org: { company: 'Padaria', department: 'Forno', title: 'Chefe' },
				birthday: '1990-01-31'
			}
		]
	},
	'a reaction': { kind: 'reaction', emoji: '👍🏽' },
	'a reaction of a family': { kind: 'reaction', emoji: '👩‍👩‍👧‍👦' },
	'a reaction of a flag': { kind: 'reaction', emoji: '🇧🇷' },
	'a heart': { kind: 'reaction', emoji: '❤️' },
	'a reaction taken back': { kind: 'reaction', emoji: '' },
	'three buttons': {
		kind: 'interactive',
		interactive: {
			type: 'button',
			header: { type: 'text', text: 'Café da manhã' },
			body: { text: 'a'.repeat(1_024) },
			footer: { text: 'Até as 10 h' },
			action: { buttons: [button('1', 'Pão na chapa'), button('2', 'a'.repeat(20)), button('3', 'Só café')] }
		}
	},
	'a button under an uploaded photo': {
		kind: 'interactive',
		interactive: {
			type: 'button',
			header: { type: 'image', image: photo },
			body,
			action: { buttons: [button('1', 'Sim')] }
		}
	},
	'a button under a document': {
		kind: 'interactive',
		interactive: {
			type: 'button',
			header: { type: 'document', document: pdf },
			body,
			action: { buttons: [button('1', 'Sim')] }
		}
	},
	'a list of ten in one section': {
		kind: 'interactive',
		interactive: {
			type: 'list',
			body: { text: 'a'.repeat(4_096) },
			action: { button: 'Ver', sections: [{ rows: rows(10) }] }
		}
	},
	'a list of two sections': {
		kind: 'interactive',
		interactive: {
			type: 'list',
			header: { type: 'text', text: 'Pães' },
			body,
			footer: { text: 'Todo dia' },
			action: {
				button: 'Ver opções',
				sections: [
					{ title: 'a'.repeat(24), rows: [{ id: 'a', title: 'a'.repeat(24), description: 'a'.repeat(72) }] },
					{ title: 'Doces', rows: rows(9) }
				]
			}
		}
	},
	'a button that opens a page': {
		kind: 'interactive',
		interactive: {
			type: 'cta_url',
			body,
			action: { name: 'cta_url', parameters: { display_text: 'Ver site', url: 'https://padaria.test/?de=zap' } }
		}
	},
	'a Flow': {
		kind: 'interactive',
		interactive: {
			type: 'flow',
			body,
			action: {
				name: 'flow',
				parameters: {
					flow_message_version: '3',
					flow_id: '123',
					flow_cta: 'Responder',
					flow_token: 'abc',
					mode: 'published',
					flow_action: 'navigate',
					flow_action_payload: { screen: 'PEDIDO', data: { pães: null } }
				}
			}
		}
	},
	'a request for a place': {
		kind: 'interactive',
		interactive: { type: 'location_request_message', body, action: { name: 'send_location' } }
	},
	'a product': {
		kind: 'interactive',
		interactive: { type: 'product', action: { catalog_id: '1', product_retailer_id: 'pao' } }
	},
	'thirty products': {
		kind: 'interactive',
		interactive: {
			type: 'product_list',
			header: { type: 'text', text: 'Pães' },
			body,
			action: {
				catalog_id: '1',
				sections: [
					{ title: 'Pães', product_items: Array.from({ length: 30 }, (_, n) => ({ product_retailer_id: `${n}` })) }
				]
			}
		}
	},
	'a catalog': {
		kind: 'interactive',
		interactive: {
			type: 'catalog_message',
			body,
			action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'pao' } }
		}
	},
	'a carousel of pages': {
		kind: 'interactive',
		interactive: {
			type: 'carousel',
			body,
			action: {
				cards: [0, 1].map((card_index) => ({
					card_index,
					type: 'cta_url',
					header: { type: 'image', image: card_index === 0 ? photo : link },
					body: { text: 'a'.repeat(160) },
					action: { name: 'cta_url', parameters: { display_text: 'Ver', url: 'https://padaria.test' } }
				}))
			}
		}
	},
	'a carousel of answers': {
		kind: 'interactive',
		interactive: {
			type: 'carousel',
			body,
			action: {
				cards: [0, 1].map((card_index) => ({
					card_index,
					type: 'quick_reply',
					header: { type: 'video', video: { link: 'https://padaria.test/forno.mp4' } },
					action: { buttons: [{ type: 'quick_reply', quick_reply: { id: `${card_index}`, title: 'Quero' } }] }
				}))
			}
		}
	},
	'a template without variables': { kind: 'template', name: 'bom_dia', language: 'pt_BR', components: [] },
	'a template with every component': {
		kind: 'template',
		template_id: '7f3e8a52-0000-4000-8000-000000000001',
		name: 'oferta',
		language: 'pt_BR',
		components: [
			{ type: 'header', parameters: [{ type: 'image', image: { id: '42' } }] },
			{
				type: 'body',
				parameters: [
					{ type: 'text', text: 'Ana', parameter_name: 'nome' },
					{ type: 'currency', currency: { fallback_value: 'R$ 5,00', code: 'BRL', amount_1000: 5_000 } },
					{ type: 'date_time', date_time: { fallback_value: '31 de janeiro', day_of_month: 31, calendar: 'GREGORIAN' } }
				]
			},
			{
				type: 'limited_time_offer',
				parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1_790_000_000_000 } }]
			},
			{ type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'sim' }] },
			{ type: 'button', sub_type: 'url', index: 1, parameters: [{ type: 'text', text: 'pedido/1' }] },
			{ type: 'button', sub_type: 'copy_code', index: 2, parameters: [{ type: 'coupon_code', coupon_code: 'PAO10' }] },
			{ type: 'button', sub_type: 'flow', index: 3, parameters: [{ type: 'action', action: { flow_token: 'abc' } }] },
			{ type: 'button', sub_type: 'catalog', index: 4 }
		]
	},
	'a template with a place on top': {
		kind: 'template',
		name: 'entrega',
		language: 'en',
		components: [
			{ type: 'header', parameters: [{ type: 'location', location: { latitude: 1, longitude: 2, name: 'Padaria' } }] }
		]
	},
	'a template with cards': {
		kind: 'template',
		name: 'vitrine',
		language: 'pt_BR',
		components: [
			{ type: 'body', parameters: [{ type: 'text', text: 'Ana' }] },
			{
				type: 'carousel',
				cards: [
					{
						card_index: 0,
						components: [
							{ type: 'header', parameters: [{ type: 'image', image: photo }] },
							{ type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '1' }] }
						]
					}
				]
			}
		]
	}
};
