import {
	partsOf,
	type BodyComponent,
	type Category,
	type HeaderComponent,
	type ParameterFormat,
	type TemplateButton,
	type TemplateComponent
} from './component.ts';
import type { DraftFault } from './draft_faults.ts';
import { lengthOf, variablesIn } from './variables.ts';

/** A template as somebody writes it. */
export interface TemplateDraft {
	name: string;
	language: string;
	category: Category;
	parameter_format: ParameterFormat;
	components: TemplateComponent[];
}

/** What Meta would refuse, and where: `body`, `header`, `footer`, `buttons`, `button.2`, `card.0.body`, `name`. */
export interface DraftProblem {
	field: string;
	code: DraftFault;
}

/** Meta's lengths and counts (message templates, components). */
export const LIMITS = {
	name: 512,
	header: 60,
	body: 1_024,
	cardBody: 160,
	footer: 60,
	buttons: 10,
	buttonText: 25,
	url: 2_000,
	phone: 20,
	code: 15,
	urls: 2,
	phones: 1,
	codes: 1,
	cards: [2, 10],
	cardButtons: 2,
	offer: 16,
	offerBody: 600,
	expirationMinutes: [1, 90]
} as const;

type Report = (field: string, code: DraftFault) => void;

/** Everything Meta would refuse about a draft, in the order in which one reads it. */
export function checkDraft(draft: TemplateDraft): DraftProblem[] {
	const problems: DraftProblem[] = [];
	const report: Report = (field, code) => problems.push({ field, code });
	const { header, body, footer, buttons, cards, offer } = partsOf(draft.components);

	if (!/^[a-z0-9_]{1,512}$/.test(draft.name)) report('name', 'name_invalid');
	if (!/^[a-z]{2,3}(_[A-Z]{2,4})?$/.test(draft.language)) report('language', 'language_invalid');

	if (draft.category === 'AUTHENTICATION') {
		checkAuthentication(buttons, footer?.code_expiration_minutes, report);
		return problems;
	}
	if (header) checkHeader(header, draft.parameter_format, '', report);
	checkBody(body, draft.parameter_format, LIMITS.body, '', report);
	if (footer) {
		const text = footer.text ?? '';
		if (lengthOf(text.trim()) === 0 || lengthOf(text) > LIMITS.footer) report('footer', 'footer_length');
		else if (variablesIn(text).length > 0) report('footer', 'footer_variable');
	}
	if (offer && (lengthOf((offer.text ?? '').trim()) === 0 || lengthOf(offer.text ?? '') > LIMITS.offer))
		report('offer', 'offer_length');
	checkButtons(buttons, LIMITS.buttons, '', report);
	if (offer) checkOffer(draft, report);
	// Meta, "Media card carousel templates": marketing alone, 2 to 10 cards, all with the same parts.
	if (draft.components.some(({ type }) => type === 'CAROUSEL')) {
		if (draft.category !== 'MARKETING') report('cards', 'carousel_category');
		if (header || footer || buttons.length > 0) report('cards', 'carousel_alone');
		checkCards(cards, draft.parameter_format, report);
	}
	return problems;
}

/** The text is Meta's own; only the button and how long the code lives are ours. */
function checkAuthentication(buttons: TemplateButton[], minutes: number | undefined, report: Report): void {
	const [low, high] = LIMITS.expirationMinutes;
	if (minutes !== undefined && (!Number.isInteger(minutes) || minutes < low || minutes > high))
		report('footer', 'expiration_range');
	if (buttons.length !== 1 || buttons[0]?.type !== 'OTP') report('buttons', 'otp_button');
	buttons.forEach((button, index) => {
		if (lengthOf(button.text ?? '') > LIMITS.buttonText) report(`button.${index}`, 'button_text_length');
	});
}

function checkHeader(header: HeaderComponent, format: ParameterFormat, prefix: string, report: Report): void {
	const field = `${prefix}header`;
	if (header.format === 'LOCATION') return;
	if (header.format !== 'TEXT') {
		if (!header.example?.header_handle?.[0]) report(field, 'header_sample');
		return;
	}
	const text = header.text ?? '';
	const variables = variablesIn(text);
	if (lengthOf(text.trim()) === 0 || lengthOf(text) > LIMITS.header) report(field, 'header_length');
	else if (/[\n\r*_~`]|\p{Extended_Pictographic}/u.test(text.replace(/\{\{[^}]*\}\}/g, '')))
		report(field, 'header_plain');
	else if (variables.length > 1) report(field, 'header_variables');
	else checkVariables(text, format, field, report);
	const example =
		format === 'NAMED' ? header.example?.header_text_named_params?.[0]?.example : header.example?.header_text?.[0];
	if (variables.length > 0 && !example?.trim()) report(field, 'sample_missing');
}

function checkBody(
	body: BodyComponent | null,
	format: ParameterFormat,
	longest: number,
	prefix: string,
	report: Report
): void {
	const field = `${prefix}body`;
	const text = body?.text ?? '';
	if (text.trim() === '') return report(field, 'body_length');
	if (lengthOf(text) > longest) report(field, prefix === '' ? 'body_length' : 'card_body_length');
	if (/\n{3,}/.test(text.replaceAll('\r', ''))) report(field, 'body_blank_lines');
	const trimmed = text.trim();
	if (/^\{\{[^}]*\}\}|\{\{[^}]*\}\}$/.test(trimmed)) report(field, 'variable_at_edge');
	else if (/\}\}\s*\{\{/.test(trimmed)) report(field, 'variables_adjacent');
	checkVariables(text, format, field, report);

	const variables = variablesIn(text);
	if (variables.length === 0) return;
	const samples = variables.map((name, index) =>
		format === 'NAMED'
			? body?.example?.body_text_named_params?.find(({ param_name }) => param_name === name)?.example
			: body?.example?.body_text?.[0]?.[index]
	);
	if (samples.some((sample) => !sample?.trim())) report(field, 'sample_missing');
	const words = trimmed
		.replace(/\{\{[^}]*\}\}/g, ' ')
		.split(/\s+/)
		.filter((word) => /[\p{L}\p{N}]/u.test(word));
	if (words.length < 2 * variables.length + 1) report(field, 'variables_too_many');
}

/** Positional ones count from 1 without a gap; named ones are small letters, digits and underscores. */
function checkVariables(text: string, format: ParameterFormat, field: string, report: Report): void {
	const inside = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim());
	const braces = text.replace(/\{\{[^{}]*\}\}/g, '');
	if (/\{\{|\}\}/.test(braces)) return report(field, 'variable_broken');
	if (format === 'NAMED') {
		if (inside.some((name) => !/^[a-z_][a-z0-9_]*$/.test(name))) report(field, 'variable_name');
		return;
	}
	const numbers = [...new Set(inside)];
	if (numbers.some((name) => !/^[1-9]\d*$/.test(name) || Number(name) > numbers.length))
		report(field, 'variable_order');
}

function checkButtons(buttons: TemplateButton[], most: number, prefix: string, report: Report): void {
	const field = prefix === '' ? 'buttons' : `${prefix}buttons`;
	if (buttons.length > most) report(field, 'buttons_count');
	const count = (type: string) => buttons.filter((button) => button.type === type).length;
	if (count('URL') > LIMITS.urls || count('PHONE_NUMBER') > LIMITS.phones || count('COPY_CODE') > LIMITS.codes)
		report(field, 'buttons_kinds');
	const kinds = buttons.map(({ type }) => type === 'QUICK_REPLY');
	if (kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length > 1) report(field, 'buttons_mixed');
	const texts = buttons.map(({ text }) => (text ?? '').trim().toLowerCase());

	buttons.forEach((button, index) => {
		const place = `${prefix}button.${index}`;
		const text = (button.text ?? '').trim();
		// A coupon's button reads what WhatsApp writes on it.
		if (button.type !== 'COPY_CODE') {
			if (text === '' || lengthOf(text) > LIMITS.buttonText) report(place, 'button_text_length');
			else if (texts.indexOf(text.toLowerCase()) !== index) report(place, 'button_text_twice');
			if (/\{\{|\n|\p{Extended_Pictographic}/u.test(text)) report(place, 'button_text_plain');
		}
		if (button.type === 'URL') checkUrl(button, place, report);
		if (button.type === 'PHONE_NUMBER' && !/^\+?[0-9]{8,19}$/.test((button.phone_number ?? '').replace(/[\s()-]/g, '')))
			report(place, 'button_phone');
		if (button.type === 'COPY_CODE') {
			const code = Array.isArray(button.example) ? button.example[0] : button.example;
			if (!code?.trim() || lengthOf(code) > LIMITS.code) report(place, 'button_code');
		}
	});
}

function checkUrl(button: TemplateButton, place: string, report: Report): void {
	const url = (button.url ?? '').trim();
	const fixed = url.replace(/\{\{1\}\}$/, '');
	if (!/^https?:\/\/[^\s/.]+\.[^\s]+$/i.test(fixed) || lengthOf(url) > LIMITS.url) report(place, 'button_url');
	else if (/\{\{|\}\}/.test(fixed)) report(place, 'button_url_variable');
	else if (/^https?:\/\/(wa\.me|(www\.|api\.)?whatsapp\.com)(\/|$)/i.test(fixed)) report(place, 'button_url_whatsapp');
	const example = Array.isArray(button.example) ? button.example[0] : button.example;
	if (url !== fixed && !example?.trim()) report(place, 'sample_missing');
}

/** What stands around a limited-time offer: Meta, "Limited-time offer templates". */
function checkOffer({ category, components }: TemplateDraft, report: Report): void {
	const { header, body, footer, buttons, offer } = partsOf(components);
	if (category !== 'MARKETING') report('offer', 'offer_category');
	if (header && header.format !== 'IMAGE' && header.format !== 'VIDEO') report('header', 'offer_header');
	if (lengthOf(body?.text ?? '') > LIMITS.offerBody) report('body', 'offer_body_length');
	if (footer) report('footer', 'offer_footer');
	if (!buttons.some(({ type }) => type === 'URL')) report('buttons', 'offer_link');
	// What counts down is a coupon's code, which comes first.
	const code = buttons.findIndex(({ type }) => type === 'COPY_CODE');
	if (code > 0 || (code < 0 && offer?.has_expiration)) report('buttons', 'offer_code');
}

function checkCards(cards: { components: TemplateComponent[] }[], format: ParameterFormat, report: Report): void {
	const [low, high] = LIMITS.cards;
	if (cards.length < low || cards.length > high) report('cards', 'carousel_count');
	const shape = (components: readonly TemplateComponent[]) => {
		const { header, body, buttons } = partsOf(components);
		return JSON.stringify([header?.format, body !== null, buttons.map(({ type }) => type)]);
	};
	cards.forEach((card, index) => {
		const prefix = `card.${index}.`;
		const { header, body, buttons } = partsOf(card.components);
		if (header?.format !== 'IMAGE' && header?.format !== 'VIDEO') report(`${prefix}header`, 'card_header');
		else checkHeader(header, format, prefix, report);
		if (body) checkBody(body, format, LIMITS.cardBody, prefix, report);
		if (buttons.length === 0) report(`${prefix}buttons`, 'card_buttons');
		checkButtons(buttons, LIMITS.cardButtons, prefix, report);
		if (index > 0 && shape(card.components) !== shape(cards[0]?.components ?? []))
			report(`card.${index}`, 'cards_alike');
	});
}
