import { checkDraft } from '@prosa/core/whatsapp/templates/authoring.ts';
import { expect, test } from 'vitest';
import { demoTemplates } from '../../../../simulators/whatsapp/src/state/demo_templates.ts';
import { emptyButton } from './editor_buttons.ts';
import { emptyCard } from './editor_cards.ts';
import { draftOf, emptyForm, formOf, nextVariable, type EditorForm } from './editor_form.ts';

test('a template that is opened and not touched says the same when it is saved', () => {
	for (const { name, language, category, parameter_format, components } of demoTemplates()) {
		// The words of an authentication template are WhatsApp’s own.
		if (category === 'AUTHENTICATION') continue;
		const form = formOf(name, language, { category, parameter_format, components });
		const again = draftOf(form).components;
		expect(formOf(name, language, { category, parameter_format, components: again }).body).toBe(form.body);
		expect(again.map(({ type }) => type).sort(), name).toEqual(components.map(({ type }) => type).sort());
		for (const part of ['BODY', 'CAROUSEL', 'LIMITED_TIME_OFFER'] as const)
			expect(
				again.find(({ type }) => type === part),
				name
			).toEqual(components.find(({ type }) => type === part));
	}
});

test('an empty form is told what it lacks, a filled one nothing', () => {
	expect(checkDraft(draftOf(emptyForm())).map(({ field }) => field)).toEqual(['name', 'body']);
	const form = { ...emptyForm(), name: 'oi', body: 'Oi, {{1}}! Seu pão está pronto.', examples: { 'body.1': 'Ana' } };
	expect(checkDraft(draftOf(form))).toEqual([]);
	expect(checkDraft(draftOf({ ...emptyForm(), name: 'codigo', category: 'AUTHENTICATION' }))).toEqual([]);
});

const faults = (form: EditorForm) => checkDraft(draftOf(form)).map(({ field, code }) => `${field} ${code}`);
const marketing = {
	...emptyForm(),
	name: 'oferta',
	category: 'MARKETING' as const,
	body: 'Aproveite os bolos da semana.'
};
const link = { ...emptyButton('URL'), text: 'Ver', url: 'https://paoquente.test/bolos' };

test('an offer has a name, a link and, where it counts down, a coupon first; what else was written waits in the fields', () => {
	const code = { ...emptyButton('COPY_CODE'), example: 'BOLO10' };
	const offer = { ...marketing, offer: { text: 'Só até sexta', expires: true }, buttons: [code, link] };
	expect(faults(offer)).toEqual([]);
	expect(faults({ ...offer, footer: 'Pão Quente', header: 'TEXT', headerText: 'Oi' })).toEqual([]);
	expect(faults({ ...offer, buttons: [link] })).toEqual(['buttons offer_code']);
	expect(faults({ ...offer, buttons: [link, code] })).toEqual(['buttons offer_code']);
	expect(faults({ ...offer, buttons: [code] })).toEqual(['buttons offer_link']);
	expect(faults({ ...offer, buttons: [link], offer: { text: 'Só até sexta', expires: false } })).toEqual([]);
	expect(faults({ ...offer, category: 'UTILITY' })).toEqual(['offer offer_category']);
	expect(faults({ ...offer, offer: { text: 'x'.repeat(17), expires: true } })).toEqual(['offer offer_length']);
	expect(faults({ ...offer, body: `Bolo ${'a'.repeat(600)}` })).toEqual(['body offer_body_length']);
});

test('a carousel has words and two to ten cards alike; a new card has the buttons of the last', () => {
	const card = (body: string) => ({ ...emptyCard(), sample: 'handle', body, buttons: [link] });
	const carousel = { ...marketing, cards: [card('Cenoura'), card('Ninho')] };
	expect(faults(carousel)).toEqual([]);
	expect(faults({ ...carousel, footer: 'Rodapé', buttons: [link] })).toEqual([]);
	expect(faults({ ...carousel, cards: [card('Cenoura')] })).toEqual(['cards carousel_count']);
	expect(faults({ ...carousel, cards: [card('Cenoura'), card('')] })).toEqual(['card.1 cards_alike']);
	expect(faults({ ...carousel, cards: [card('Cenoura'), { ...card('Ninho'), sample: '' }] })).toEqual([
		'card.1.header header_sample'
	]);
	const two = { ...card('Cenoura'), buttons: [link, { ...emptyButton('QUICK_REPLY'), text: 'Quero' }] };
	expect(emptyCard(two).buttons.map(({ type }) => type)).toEqual(['URL', 'QUICK_REPLY']);
	const stored = draftOf({
		...carousel,
		cardHeader: 'VIDEO',
		cards: [{ ...card('A'), sample: 'storage:t/uploads/x' }]
	});
	expect(JSON.stringify(stored.components[1])).toContain(
		'"format":"VIDEO","example":{"header_handle":["storage:t/uploads/x"]}'
	);
});

test('the next variable continues the text', () => {
	expect(nextVariable('Oi, {{1}} e {{2}}', 'POSITIONAL')).toBe('{{3}}');
	expect(nextVariable('Oi', 'NAMED')).toBe('{{nome}}');
	expect(nextVariable('Oi, {{nome}}', 'NAMED')).toBe('{{campo_2}}');
});
