import type { TemplateDraft } from '@prosa/core/whatsapp/templates/authoring.ts';
import {
	partsOf,
	type Category,
	type HeaderFormat,
	type ParameterFormat,
	type TemplateButton,
	type TemplateComponent
} from '@prosa/core/whatsapp/templates/component.ts';
import { withSample } from '@prosa/core/whatsapp/templates/sample.ts';
import { variablesIn } from '@prosa/core/whatsapp/templates/variables.ts';
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
	examples: Record<string, string>;
	expires: number;
	security: boolean;
	/** Carousel and offers: kept as they are. */
	kept: TemplateComponent[];
}

export interface EditorButton {
	/** Tells rows apart while they are moved and removed. */
	key: string;
	type: string;
	text: string;
	url: string;
	phone: string;
	example: string;
	/** What else Meta gave. */
	rest: Record<string, unknown>;
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
	kept: []
});

export const emptyButton = (type: string): EditorButton => ({
	key: crypto.randomUUID(),
	type,
	text: '',
	url: '',
	phone: '',
	example: '',
	rest: {}
});

/** What there is, as fields. */
export function formOf(name: string, language: string, content: DraftContent): EditorForm {
	const { header, body, footer, buttons } = partsOf(content.components);
	const examples: Record<string, string> = {};
	const note = (
		part: string,
		text: string,
		listed: string[] | undefined,
		named: { param_name: string; example: string }[] | undefined
	) => {
		variablesIn(text).forEach((variable, index) => {
			const numbered = content.parameter_format === 'POSITIONAL' ? Number(variable) - 1 : index;
			examples[`${part}.${variable}`] =
				named?.find(({ param_name }) => param_name === variable)?.example ?? listed?.[numbered] ?? '';
		});
	};
	note('header', header?.text ?? '', header?.example?.header_text, header?.example?.header_text_named_params);
	note('body', body?.text ?? '', body?.example?.body_text?.[0], body?.example?.body_text_named_params);
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
		kept: content.components.filter(({ type }) => type === 'CAROUSEL' || type === 'LIMITED_TIME_OFFER')
	};
}

function editorButton({ type, text, url, phone_number, example, ...rest }: TemplateButton): EditorButton {
	return {
		...emptyButton(type),
		text: text ?? '',
		url: url ?? '',
		phone: phone_number ?? '',
		example: (Array.isArray(example) ? example[0] : example) ?? '',
		rest
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
	const { header, headerText, sample, body, footer, buttons, kept } = form;
	const components: TemplateComponent[] = [];
	if (header === 'TEXT')
		components.push({ type: 'HEADER', format: 'TEXT', text: headerText, ...examplesOf('header', headerText, form) });
	else if (header === 'LOCATION') components.push({ type: 'HEADER', format: 'LOCATION' });
	else if (header !== 'NONE') {
		const bare = { type: 'HEADER', format: header } as const;
		const stored = sample.startsWith('storage:') ? withSample(bare, sample.slice('storage:'.length)) : null;
		components.push(stored ?? (sample === '' ? bare : { ...bare, example: { header_handle: [sample] } }));
	}
	components.push(...kept.filter(({ type }) => type === 'LIMITED_TIME_OFFER'));
	components.push({ type: 'BODY', text: body, ...examplesOf('body', body, form) });
	if (footer !== '') components.push({ type: 'FOOTER', text: footer });
	if (buttons.length > 0) components.push({ type: 'BUTTONS', buttons: buttons.map(buttonOf) });
	components.push(...kept.filter(({ type }) => type === 'CAROUSEL'));
	return components;
}

/** Only what the text names is given an example. */
function examplesOf(
	part: 'header' | 'body',
	text: string,
	{ format, examples }: EditorForm
): { example?: Record<string, unknown> } {
	const names = variablesIn(text);
	if (names.length === 0) return {};
	const of = (name: string) => examples[`${part}.${name}`] ?? '';
	if (format === 'NAMED') {
		return {
			example: { [`${part}_text_named_params`]: names.map((name) => ({ param_name: name, example: of(name) })) }
		};
	}
	const listed = [...names].sort((one, other) => Number(one) - Number(other)).map(of);
	return { example: part === 'header' ? { header_text: listed } : { body_text: [listed] } };
}

function buttonOf({ type, text, url, phone, example, rest }: EditorButton): TemplateButton {
	switch (type) {
		case 'URL':
			return { ...rest, type, text, url, ...(url.includes('{{') ? { example: [example] } : {}) };
		case 'PHONE_NUMBER':
			return { ...rest, type, text, phone_number: phone };
		case 'COPY_CODE':
			return { ...rest, type, ...(text ? { text } : {}), example };
		default:
			return { ...rest, type, text };
	}
}

/** The variable that comes next in a text: {{3}} after {{1}} and {{2}}. */
export function nextVariable(text: string, format: ParameterFormat): string {
	const names = variablesIn(text);
	if (format === 'POSITIONAL') return `{{${Math.max(0, ...names.map(Number).filter(Number.isFinite)) + 1}}}`;
	let count = names.length + 1;
	while (names.includes(`campo_${count}`)) count++;
	return names.includes('nome') ? `{{campo_${count}}}` : '{{nome}}';
}
