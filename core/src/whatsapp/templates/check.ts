import {
	partsOf,
	type HeaderComponent,
	type ParameterFormat,
	type TemplateButton,
	type TemplateComponent,
	type TemplateText
} from './component.ts';
import { fieldsOf } from '../json.ts';
import type { SendFault } from './faults.ts';
import { readSent, type Parameter, type Sent } from './sending.ts';
import { fillText, lengthOf, sendOrder, variablesIn } from './variables.ts';

/** What a check finds: the first fault, or the body as it will read. */
export type Checked = { fault: SendFault } | { fault: null; body: string };

class Found extends Error {
	readonly fault: SendFault;
	constructor(fault: SendFault) {
		super(fault);
		this.fault = fault;
	}
}

/**
 * Whether Meta would take these values for this template (132000 count, 132012 form, 132005 length). The same rules
 * stand in sql/51_template_checks.sql, which decides; a test holds both against one table of cases.
 */
export function checkTemplate(template: TemplateText, components: unknown): Checked {
	try {
		return { fault: null, body: renderBody(template, components) };
	} catch (error) {
		if (error instanceof Found) return { fault: error.fault };
		throw error;
	}
}

function renderBody(template: TemplateText, given: unknown): string {
	const { parameter_format: format, components } = template;
	const sent = readSent(given);
	if (!sent) throw new Found('components_invalid');
	const body = renderPart(components, format, sent);

	const { cards, offer } = partsOf(components);
	if (offer?.has_expiration) {
		const until = fieldsOf(fieldsOf(sent.offer[0])?.limited_time_offer)?.expiration_time_ms;
		if (!/^[0-9]{10,16}$/.test(String(until ?? ''))) throw new Found('offer_missing');
	}
	if (sent.cards.length !== cards.length) throw new Found('cards_count');
	cards.forEach((card, index) => {
		const filled = sent.cards.find(({ card_index }) => String(card_index) === String(index));
		if (!filled) throw new Found('cards_count');
		const part = readSent(filled.components);
		if (!part) throw new Found('components_invalid');
		renderPart(card.components, format, part);
	});
	return body;
}

/** Checks one level of a template, the whole or one card. */
function renderPart(components: readonly TemplateComponent[], format: ParameterFormat, sent: Sent): string {
	const { header, body, buttons } = partsOf(components);
	checkHeader(header, format, sent.header);
	const text = fillText(body?.text ?? '', valuesOf('body', body?.text ?? '', format, sent.body));
	// A body that stands alone may grow longer than one among other parts.
	if (lengthOf(text) > (components.length === 1 ? 32_768 : 1_024)) throw new Found('body_too_long');
	checkButtons(buttons, sent.buttons);
	return text;
}

/** The values for the variables of one text. */
function valuesOf(
	part: 'header' | 'body',
	text: string,
	format: ParameterFormat,
	parameters: Parameter[]
): Record<string, string> {
	const names = format === 'NAMED' ? variablesIn(text) : sendOrder(text, format);
	if (parameters.length !== names.length) throw new Found(`${part}_count`);
	const values: Record<string, string> = {};
	names.forEach((expected, index) => {
		const parameter = parameters[index] ?? {};
		const name = format === 'NAMED' ? parameter.parameter_name : expected;
		if (name === undefined || !names.includes(name) || Object.hasOwn(values, name)) throw new Found(`${part}_name`);
		const value = valueOf(parameter);
		if (value === null) throw new Found('value_type');
		if (/^[ \t\r\n]*$/.test(value)) throw new Found('value_empty');
		if (/[\n\r\t]| {5}/.test(value)) throw new Found('value_format');
		values[name] = value;
	});
	return values;
}

/** What a parameter reads as. */
function valueOf(parameter: Parameter): string | null {
	const value =
		parameter.type === 'text'
			? parameter.text
			: parameter.type === 'currency' || parameter.type === 'date_time'
				? fieldsOf(parameter[parameter.type])?.fallback_value
				: null;
	return typeof value === 'string' ? value : null;
}

function checkHeader(header: HeaderComponent | null, format: ParameterFormat, parameters: Parameter[]): void {
	if (!header) {
		if (parameters.length > 0) throw new Found('header_unexpected');
		return;
	}
	if (header.format === 'TEXT') {
		const text = header.text ?? '';
		if (lengthOf(fillText(text, valuesOf('header', text, format, parameters))) > 60) throw new Found('header_too_long');
		return;
	}
	const kind = header.format.toLowerCase();
	const [parameter] = parameters;
	if (!parameter || parameters.length !== 1) throw new Found('header_missing');
	if (parameter.type !== kind) throw new Found('header_type');
	const file = fieldsOf(parameter[kind]) ?? {};
	const present =
		kind === 'location'
			? 'latitude' in file && 'longitude' in file
			: Boolean(file.id) || Boolean(file.path) || /^https?:\/\/[^\s/]+/.test(String(file.link ?? ''));
	if (!present) throw new Found('header_missing');
}

/** How the Graph API calls each kind of button when it is filled. */
export const SUB_TYPES: Readonly<Record<string, string>> = {
	URL: 'url',
	OTP: 'url',
	QUICK_REPLY: 'quick_reply',
	COPY_CODE: 'copy_code',
	FLOW: 'flow',
	CATALOG: 'catalog',
	MPM: 'mpm',
	SPM: 'spm',
	VOICE_CALL: 'voice_call'
};

/** Whether a button's address has a part that each send fills. */
export const isFilled = (button: TemplateButton): boolean =>
	button.type === 'OTP' || (button.type === 'URL' && (button.url ?? '').includes('{{'));

function checkButtons(buttons: TemplateButton[], given: Sent['buttons']): void {
	for (const one of given) {
		const text = String(one.index ?? '');
		if (!/^[0-9]{1,2}$/.test(text) || Number(text) >= buttons.length) throw new Found('button_unexpected');
	}
	buttons.forEach((button, index) => {
		const same = given.filter((one) => Number(one.index) === index);
		if (same.length > 1) throw new Found('button_unexpected');
		const [one] = same;
		const value = one?.parameters?.[0];
		if (one && one.sub_type?.toLowerCase() !== SUB_TYPES[button.type]) throw new Found('button_type');
		checkButton(button, value);
	});
}

function checkButton(button: TemplateButton, value: Parameter | undefined): void {
	if (isFilled(button)) {
		const text = value?.text === undefined || value.text === null ? '' : String(value.text);
		if (/^ *$/.test(text)) throw new Found('button_missing');
		if (value?.type !== 'text') throw new Found('button_type');
		if (lengthOf(text) > 2_000 || /\s/.test(text)) throw new Found('button_url_invalid');
	} else if (button.type === 'URL' && value !== undefined) {
		throw new Found('button_unexpected');
	} else if (button.type === 'COPY_CODE') {
		const code = String(value?.coupon_code ?? '');
		if (/^ *$/.test(code)) throw new Found('button_missing');
		if (lengthOf(code) > 15) throw new Found('button_code_too_long');
	} else if (button.type === 'QUICK_REPLY' && lengthOf(String(value?.payload ?? '')) > 256) {
		throw new Found('button_payload_too_long');
	}
}
