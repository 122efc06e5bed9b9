import { expect, test } from 'vitest';
import { interactiveOf, templateOf } from './outgoing.ts';

test('buttons are drawn with what stands around them', () => {
	const shown = interactiveOf({
		kind: 'interactive',
		interactive: {
			type: 'button',
			header: { type: 'text', text: 'Café' },
			body: { text: 'Como vai ser?' },
			footer: { text: 'Até as 10 h' },
			action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'Pão' } }] }
		}
	});
	expect(shown).toMatchObject({ header: 'Café', body: 'Como vai ser?', footer: 'Até as 10 h' });
	expect(shown?.buttons).toEqual([{ text: 'Pão', kind: 'reply', href: null }]);
});

test('a list shows its button and what is behind it', () => {
	const shown = interactiveOf({
		interactive: {
			type: 'list',
			body: { text: 'Escolha' },
			action: {
				button: 'Horários',
				sections: [{ title: 'Manhã', rows: [{ id: '1', title: '8 h', description: 'cedo' }] }]
			}
		}
	});
	expect(shown?.buttons).toEqual([{ text: 'Horários', kind: 'list', href: null }]);
	expect(shown?.sections).toEqual([{ title: 'Manhã', rows: [{ title: '8 h', description: 'cedo' }] }]);
});

test('an answer to buttons is no such message, and an address that is none leads nowhere', () => {
	expect(interactiveOf({ kind: 'interactive', type: 'button_reply', title: 'Sim' })).toBeNull();
	const shown = interactiveOf({
		interactive: {
			type: 'cta_url',
			body: { text: 'Veja' },
			action: { parameters: { display_text: 'Abrir', url: 'javascript:alert(1)' } }
		}
	});
	expect(shown?.buttons).toEqual([{ text: 'Abrir', kind: 'url', href: null }]);
});

const definition = [
	{ type: 'HEADER', format: 'TEXT', text: 'Pedido {{1}}' },
	{ type: 'BODY', text: 'Oi {{nome}}, chega {{dia}}.' },
	{ type: 'FOOTER', text: 'Padaria' },
	{
		type: 'BUTTONS',
		buttons: [
			{ type: 'URL', text: 'Rastrear', url: 'https://p.test/{{1}}' },
			{ type: 'QUICK_REPLY', text: 'Ok' }
		]
	}
];

test('a template reads as its reader sees it', () => {
	const sent = {
		components: [
			{ type: 'header', parameters: [{ type: 'text', text: '42' }] },
			{
				type: 'body',
				parameters: [
					{ type: 'text', parameter_name: 'dia', text: 'hoje' },
					{ type: 'text', parameter_name: 'nome', text: 'Rita' }
				]
			}
		]
	};
	expect(templateOf(sent, definition, '')).toMatchObject({
		header: 'Pedido 42',
		body: 'Oi Rita, chega hoje.',
		footer: 'Padaria',
		buttons: [
			{ text: 'Rastrear', kind: 'url', href: null },
			{ text: 'Ok', kind: 'reply', href: null }
		]
	});
});

test('without its definition a template is its text, and the kind of file above it', () => {
	const sent = { components: [{ type: 'header', parameters: [{ type: 'image', image: { id: '1' } }] }] };
	expect(templateOf(sent, null, 'Oi')).toEqual({
		header: null,
		headerMedia: 'image',
		body: 'Oi',
		footer: null,
		buttons: [],
		sections: []
	});
});
