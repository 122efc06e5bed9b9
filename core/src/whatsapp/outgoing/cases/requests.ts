/**
 * What Meta is sent for messages of sendable.ts, written by hand after its pages. Uploaded files have the ids 1, 2, … in
 * the order in which they stand; the customer is 5511987654321, the message answered wamid.T.
 */
export const REQUESTS: Record<string, { type: string; payload: unknown; quotes?: false }> = {
	'a text': { type: 'text', payload: { body: 'Bom dia!', preview_url: false } },
	'a text with a link': { type: 'text', payload: { body: 'Veja https://padaria.test', preview_url: true } },
	'a photo by link': { type: 'image', payload: { link: 'https://padaria.test/pao.jpg' } },
	'a film': { type: 'video', payload: { id: '1', caption: 'O forno' } },
	'a recorded voice': { type: 'audio', payload: { id: '1', voice: true } },
	'a song': { type: 'audio', payload: { id: '1' } },
	'a document': { type: 'document', payload: { id: '1', caption: 'O cardápio', filename: 'cardápio.pdf' } },
	'a photo as a document': { type: 'document', payload: { id: '1' } },
	'a moving sticker of 500 KB': { type: 'sticker', payload: { id: '1' } },
	'a place': {
		type: 'location',
		payload: { latitude: -23.55, longitude: -46.63, name: 'Padaria', address: 'Rua A, 1' }
	},
	'the South Pole': { type: 'location', payload: { latitude: -90, longitude: 180 } },
	'a contact': { type: 'contacts', payload: [{ name: { formatted_name: 'Ana', first_name: 'Ana' } }] },
	'a reaction': { type: 'reaction', payload: { message_id: 'wamid.T', emoji: '👍🏽' }, quotes: false },
	'a reaction taken back': { type: 'reaction', payload: { message_id: 'wamid.T', emoji: '' }, quotes: false },
	'a button under an uploaded photo': {
		type: 'interactive',
		payload: {
			type: 'button',
			header: { type: 'image', image: { id: '1' } },
			body: { text: 'O que vai ser?' },
			action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'Sim' } }] }
		}
	},
	'a button under a document': {
		type: 'interactive',
		payload: {
			type: 'button',
			header: { type: 'document', document: { id: '1', filename: 'cardápio.pdf' } },
			body: { text: 'O que vai ser?' },
			action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'Sim' } }] }
		}
	},
	'a button that opens a page': {
		type: 'interactive',
		payload: {
			type: 'cta_url',
			body: { text: 'O que vai ser?' },
			action: { name: 'cta_url', parameters: { display_text: 'Ver site', url: 'https://padaria.test/?de=zap' } }
		}
	},
	'a Flow': {
		type: 'interactive',
		payload: {
			type: 'flow',
			body: { text: 'O que vai ser?' },
			action: {
				name: 'flow',
				parameters: {
					flow_message_version: '3',
					flow_id: '123',
					flow_cta: 'Responder',
					flow_token: 'abc',
					mode: 'published',
					flow_action: 'navigate',
					// Null is the business's own word here, and goes out.
					flow_action_payload: { screen: 'PEDIDO', data: { pães: null } }
				}
			}
		}
	},
	'a carousel of answers': {
		type: 'interactive',
		payload: {
			type: 'carousel',
			body: { text: 'O que vai ser?' },
			action: {
				cards: [0, 1].map((card_index) => ({
					card_index,
					header: { type: 'video', video: { link: 'https://padaria.test/forno.mp4' } },
					action: { buttons: [{ type: 'quick_reply', quick_reply: { id: `${card_index}`, title: 'Quero' } }] }
				}))
			}
		}
	},
	'a template without variables': { type: 'template', payload: { name: 'bom_dia', language: { code: 'pt_BR' } } },
	'a template with cards': {
		type: 'template',
		payload: {
			name: 'vitrine',
			language: { code: 'pt_BR' },
			components: [
				{ type: 'body', parameters: [{ type: 'text', text: 'Ana' }] },
				{
					type: 'carousel',
					cards: [
						{
							card_index: 0,
							components: [
								{ type: 'header', parameters: [{ type: 'image', image: { id: '1' } }] },
								{ type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: '1' }] }
							]
						}
					]
				}
			]
		}
	}
};
