import type { TemplateDraft } from '@prosa/core/whatsapp/templates/authoring.ts';
import {
	partsOf,
	type Category,
	type HeaderFormat,
	type ParameterFormat,
	type TemplateComponent
} from '@prosa/core/whatsapp/templates/component.ts';
import { variablesIn } from '@prosa/core/whatsapp/templates/variables.ts';
import { editorButton, buttonOf, type EditorButton } from './editor_buttons.ts';
import { cardOf, editorCard, mediaHeader, type CardHeader, type EditorCard } from './editor_cards.ts';
import { examplesOf, readExamples, type Examples } from './editor_examples.ts';
import type { DraftContent } from './rows.ts';

/** A template as the editor's fields hold it. */
export interface EditorForm {
	name: string;
	language: string;
	category: Category;
	format: ParameterFormat;
	header: HeaderFormat | 'NONE';
	headerText: string;
	/** Meta's handle, or where an upload of ours lies: `storage:…`. */
	sample: string;
	body: string;
	footer: string;
	buttons: EditorButton[];
	/** Examples by part and variable: `body.1`, `header.nome`. */
	examples: Examples;
	expires: number;
	security: boolean;
	/** A limited-time offer: what it is called, and whether it counts down. */
	offer: { text: string; expires: boolean } | null;
	/** The cards of a carousel; none: it is no carousel. */
	cards: EditorCard[];
	cardHeader: CardHeader;
}

export const emptyForm = (language = 'pt_BR'): EditorForm => ({
	name: '',
	language,
	category: 'UTILITY',
	format: 'POSITIONAL',
	header: 'NONE',
	headerText: '',
	sample: '',
	body: '',
	footer: '',
	buttons: [],
	examples: {},
	expires: 10,
	security: true,
	offer: null,
	cards: [],
	cardHeader: 'IMAGE'
});

/** What there is, as fields. */
export function formOf(name: string, language: string, content: DraftContent): EditorForm {
	const { header, body, footer, buttons, cards, offer } = partsOf(content.components);
	const { parameter_format: format } = content;
	const { header_text: headerListed, header_text_named_params: headerNamed } = header?.example ?? {};
	const { body_text: bodyListed, body_text_named_params: bodyNamed } = body?.example ?? {};
	const examples = {
		...readExamples('header', header?.text ?? '', format, headerListed, headerNamed),
		...readExamples('body', body?.text ?? '', format, bodyListed?.[0], bodyNamed)
	};
	return {
		...emptyForm(language),
		name,
		category: content.category,
		format: content.parameter_format,
		header: header?.format ?? 'NONE',
		headerText: header?.text ?? '',
		sample: header?.example?.header_handle?.[0] ?? '',
		body: content.category === 'AUTHENTICATION' ? '' : (body?.text ?? ''),
		footer: content.category === 'AUTHENTICATION' ? '' : (footer?.text ?? ''),
		buttons: buttons.map(editorButton),
		examples,
		expires: footer?.code_expiration_minutes ?? 10,
		security: body?.add_security_recommendation ?? false,
		offer: offer && { text: offer.text ?? '', expires: offer.has_expiration ?? false },
		cards: cards.map((card) => editorCard(card, content.parameter_format)),
		cardHeader: cards[0] && partsOf(cards[0].components).header?.format === 'VIDEO' ? 'VIDEO' : 'IMAGE'
	};
}

/** What the fields say, as Meta takes it. */
export function draftOf(form: EditorForm): TemplateDraft {
	const { name, language, category, format } = form;
	const components = category === 'AUTHENTICATION' ? authentication(form) : ordinary(form);
	return {
		name,
		language,
		category,
		parameter_format: category === 'AUTHENTICATION' ? 'POSITIONAL' : format,
		components
	};
}

function authentication({ expires, security, buttons }: EditorForm): TemplateComponent[] {
	return [
		{ type: 'BODY', add_security_recommendation: security },
		{ type: 'FOOTER', code_expiration_minutes: expires },
		{
			type: 'BUTTONS',
			buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: buttons[0]?.text.trim() || 'Copiar código' }]
		}
	];
}

function ordinary(form: EditorForm): TemplateComponent[] {
	const { header, headerText, sample, body, footer, buttons, format, offer, cards, cardHeader } = form;
	const words: TemplateComponent = { type: 'BODY', text: body, ...examplesOf('body', body, form) };
	// Beside its cards a carousel has words alone; what else was written stays in the fields.
	if (cards.length > 0)
		return [words, { type: 'CAROUSEL', cards: cards.map((card) => cardOf(card, format, cardHeader)) }];
	const components: TemplateComponent[] = [];
	if (header === 'TEXT' && !offer)
		components.push({ type: 'HEADER', format: 'TEXT', text: headerText, ...examplesOf('header', headerText, form) });
	else if (header === 'IMAGE' || header === 'VIDEO' || (header === 'DOCUMENT' && !offer))
		components.push(mediaHeader(header, sample));
	else if (header === 'LOCATION' && !offer) components.push({ type: 'HEADER', format: 'LOCATION' });
	if (offer) {
		const { text, expires } = offer;
		components.push({ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text, has_expiration: expires } });
	}
	components.push(words);
	if (footer !== '' && !offer) components.push({ type: 'FOOTER', text: footer });
	if (buttons.length > 0) components.push({ type: 'BUTTONS', buttons: buttons.map(buttonOf) });
	return components;
}

/** The variable that comes next in a text: {{3}} after {{1}} and {{2}}. */
export function nextVariable(text: string, format: ParameterFormat): string {
	const names = variablesIn(text);
	if (format === 'POSITIONAL') return `{{${Math.max(0, ...names.map(Number).filter(Number.isFinite)) + 1}}}`;
	let count = names.length + 1;
	while (names.includes(`campo_${count}`)) count++;
	return names.includes('nome') ? `{{campo_${count}}}` : '{{nome}}';
}
