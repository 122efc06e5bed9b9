import { expect, test } from 'vitest';
import { checkDraft, type TemplateDraft } from './authoring.ts';
import type { TemplateComponent } from './component.ts';
import { DRAFT_FAULTS, draftFaultSentence } from './draft_faults.ts';

const body = (text: string, ...examples: string[]): TemplateComponent => ({
	type: 'BODY',
	text,
	...(examples.length > 0 ? { example: { body_text: [examples] } } : {})
});
const buttons = (
	...list: { type: string; text?: string; url?: string; phone_number?: string; example?: string }[]
): TemplateComponent => ({
	type: 'BUTTONS',
	buttons: list
});
const draft = (components: TemplateComponent[], more: Partial<TemplateDraft> = {}): TemplateDraft => ({
	name: 'oi',
	language: 'pt_BR',
	category: 'UTILITY',
	parameter_format: 'POSITIONAL',
	components,
	...more
});
const reply = (text: string) => ({ type: 'QUICK_REPLY', text });
const card = (text: string): { components: TemplateComponent[] } => ({
	components: [
		{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::a'] } },
		body(text),
		buttons(reply('Quero'))
	]
});

test('what Meta takes is told nothing', () => {
	for (const good of [
		draft([body('Oi!')]),
		draft([body('Oi, {{1}}! Seu pedido {{2}} já está pronto.', 'Ana', '42')]),
		draft([
			{ type: 'HEADER', format: 'TEXT', text: 'Pedido {{1}}', example: { header_text: ['42'] } },
			body('Pronto.')
		]),
		draft([
			body('Veja.'),
			buttons({ type: 'URL', text: 'Abrir', url: 'https://a.test/{{1}}', example: 'https://a.test/x' })
		]),
		draft([body('Nossos bolos.'), { type: 'CAROUSEL', cards: [card('Um'), card('Dois')] } as TemplateComponent], {
			category: 'MARKETING'
		}),
		draft(
			[{ type: 'BODY' }, { type: 'FOOTER', code_expiration_minutes: 10 }, buttons({ type: 'OTP', text: 'Copiar' })],
			{ category: 'AUTHENTICATION' }
		)
	])
		expect(checkDraft(good)).toEqual([]);
});

test.each<[string, TemplateDraft]>([
	['name_invalid', draft([body('Oi!')], { name: 'Boas Vindas' })],
	['language_invalid', draft([body('Oi!')], { language: 'português' })],
	['body_length', draft([])],
	['body_length', draft([body('x'.repeat(1_025))])],
	['body_blank_lines', draft([body('Oi\n\n\nTchau')])],
	['variable_at_edge', draft([body('{{1}} chegou aqui agora.', 'Pão')])],
	['variable_at_edge', draft([body('Chegou o seu {{1}}', 'Pão')])],
	['variables_adjacent', draft([body('Oi, {{1}} {{2}} tudo bem por aí hoje?', 'a', 'b')])],
	['variables_too_many', draft([body('Oi, {{1}} e {{2}}!', 'a', 'b')])],
	['variable_order', draft([body('Oi, {{2}}! Tudo bem por aí?', 'a')])],
	['variable_name', draft([body('Oi, {{Nome}}! Tudo bem por aí?')], { parameter_format: 'NAMED' })],
	['variable_broken', draft([body('Oi, {{1}! Tudo bem por aí?')])],
	['sample_missing', draft([body('Oi, {{1}}! Tudo bem por aí?')])],
	['header_length', draft([{ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(61) }, body('Oi!')])],
	['header_plain', draft([{ type: 'HEADER', format: 'TEXT', text: '*Oi*' }, body('Oi!')])],
	[
		'header_variables',
		draft([{ type: 'HEADER', format: 'TEXT', text: 'a {{1}} b {{2}}', example: { header_text: ['a'] } }, body('Oi!')])
	],
	['header_sample', draft([{ type: 'HEADER', format: 'IMAGE' }, body('Oi!')])],
	['footer_length', draft([body('Oi!'), { type: 'FOOTER', text: 'x'.repeat(61) }])],
	['footer_variable', draft([body('Oi!'), { type: 'FOOTER', text: 'Até {{1}}' }])],
	['offer_length', draft([{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'x'.repeat(17) } }, body('Oi!')])],
	['buttons_count', draft([body('Oi!'), buttons(...Array.from({ length: 11 }, (_, count) => reply(`B${count}`)))])],
	[
		'buttons_kinds',
		draft([
			body('Oi!'),
			buttons(
				{ type: 'PHONE_NUMBER', text: 'A', phone_number: '+551130030001' },
				{ type: 'PHONE_NUMBER', text: 'B', phone_number: '+551130030001' }
			)
		])
	],
	[
		'buttons_mixed',
		draft([body('Oi!'), buttons(reply('A'), { type: 'URL', text: 'B', url: 'https://a.test' }, reply('C'))])
	],
	['button_text_length', draft([body('Oi!'), buttons(reply('x'.repeat(26)))])],
	['button_text_twice', draft([body('Oi!'), buttons(reply('Sim'), reply('sim'))])],
	['button_text_plain', draft([body('Oi!'), buttons(reply('Sim {{1}}'))])],
	['button_url', draft([body('Oi!'), buttons({ type: 'URL', text: 'A', url: 'padaria' })])],
	['button_url_variable', draft([body('Oi!'), buttons({ type: 'URL', text: 'A', url: 'https://a.test/{{1}}/b' })])],
	['button_url_whatsapp', draft([body('Oi!'), buttons({ type: 'URL', text: 'A', url: 'https://wa.me/5511' })])],
	['button_phone', draft([body('Oi!'), buttons({ type: 'PHONE_NUMBER', text: 'A', phone_number: '123' })])],
	['button_code', draft([body('Oi!'), buttons({ type: 'COPY_CODE', example: 'x'.repeat(16) })])],
	['otp_button', draft([{ type: 'BODY' }], { category: 'AUTHENTICATION' })],
	[
		'expiration_range',
		draft([{ type: 'BODY' }, { type: 'FOOTER', code_expiration_minutes: 91 }, buttons({ type: 'OTP' })], {
			category: 'AUTHENTICATION'
		})
	],
	[
		'carousel_category',
		draft([body('Oi!'), { type: 'CAROUSEL', cards: [card('Um'), card('Dois')] } as TemplateComponent])
	],
	['carousel_count', draft([body('Oi!'), { type: 'CAROUSEL', cards: [card('Um')] } as TemplateComponent])],
	[
		'card_header',
		draft([
			body('Oi!'),
			{ type: 'CAROUSEL', cards: [{ components: [body('a'), buttons(reply('A'))] }, card('b')] } as TemplateComponent
		])
	],
	[
		'card_buttons',
		draft([
			body('Oi!'),
			{
				type: 'CAROUSEL',
				cards: [{ components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['a'] } }] }, card('b')]
			} as TemplateComponent
		])
	],
	[
		'card_body_length',
		draft([body('Oi!'), { type: 'CAROUSEL', cards: [card('x'.repeat(161)), card('b')] } as TemplateComponent])
	],
	[
		'cards_alike',
		draft([
			body('Oi!'),
			{
				type: 'CAROUSEL',
				cards: [card('a'), { components: [...card('b').components.slice(0, 2), buttons(reply('A'), reply('B'))] }]
			} as TemplateComponent
		])
	]
])('what Meta would refuse is found: %s', (code, template) => {
	expect(checkDraft(template).map((problem) => problem.code)).toContain(code);
});

test('every fault of a draft says in both languages what to do', () => {
	for (const fault of Object.keys(DRAFT_FAULTS)) {
		expect(draftFaultSentence(fault, 'pt-BR')).toMatch(/^[A-ZÀ-Ú].*\.$/);
		expect(draftFaultSentence(fault, 'en')).toMatch(/^[A-Z].*\.$/);
	}
});
