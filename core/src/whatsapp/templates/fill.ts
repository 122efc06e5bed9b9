import { partsOf, type TemplateButton, type TemplateComponent, type TemplateText } from './component.ts';
import { isFilled, SUB_TYPES } from './check.ts';
import type { HeaderFile } from './sending.ts';
import { sendOrder } from './variables.ts';

/** One thing a form asks for before a template can be sent. */
export interface TemplateField {
	/** Unique within the template: `body.nome`, `card.0.header`. */
	id: string;
	part: 'header' | 'body' | 'button' | 'offer';
	/** The card it stands in, null outside a carousel. */
	card: number | null;
	/** The variable's name, or the button's text. */
	name: string;
	kind: 'text' | 'image' | 'video' | 'document' | 'location' | 'url' | 'code' | 'time';
	/** What the template's author gave as an example, '' if nothing. */
	example: string;
}

export interface Place {
	latitude: number;
	longitude: number;
	name?: string;
	address?: string;
}

export type FieldValue = string | HeaderFile | Place;

/** What has to be filled in, in the order in which it is read. */
export function templateFields(template: TemplateText): TemplateField[] {
	const { cards, offer } = partsOf(template.components);
	return [
		...levelFields(template, template.components, null),
		...(offer?.has_expiration
			? [{ id: 'offer', part: 'offer', card: null, name: 'offer', kind: 'time', example: '' } as const]
			: []),
		...cards.flatMap((card, index) => levelFields(template, card.components, index))
	];
}

function levelFields(
	{ parameter_format: format }: TemplateText,
	components: readonly TemplateComponent[],
	card: number | null
): TemplateField[] {
	const { header, body, buttons } = partsOf(components);
	const prefix = card === null ? '' : `card.${card}.`;
	const fields: TemplateField[] = [];
	if (header && header.format !== 'TEXT') {
		const kind = header.format.toLowerCase() as TemplateField['kind'];
		const example = header.example?.header_handle?.[0] ?? '';
		fields.push({ id: `${prefix}header`, part: 'header', card, name: kind, kind, example });
	}
	const texts = [
		['header', header?.format === 'TEXT' ? (header.text ?? '') : ''],
		['body', body?.text ?? '']
	] as const;
	for (const [part, text] of texts) {
		sendOrder(text, format).forEach((name, index) => {
			const named =
				part === 'header' ? header?.example?.header_text_named_params : body?.example?.body_text_named_params;
			const listed = part === 'header' ? header?.example?.header_text : body?.example?.body_text?.[0];
			const example = named?.find(({ param_name }) => param_name === name)?.example ?? listed?.[index] ?? '';
			fields.push({ id: `${prefix}${part}.${name}`, part, card, name, kind: 'text', example });
		});
	}
	buttons.forEach((button, index) => {
		const kind = isFilled(button) ? 'url' : button.type === 'COPY_CODE' ? 'code' : null;
		if (!kind) return;
		const id = `${prefix}button.${index}`;
		fields.push({ id, part: 'button', card, name: button.text ?? '', kind, example: exampleOf(button) });
	});
	return fields;
}

/** Meta keeps the whole address as the example of a link; the form asks for its end alone. */
function exampleOf(button: TemplateButton): string {
	const example = Array.isArray(button.example) ? (button.example[0] ?? '') : (button.example ?? '');
	const base = (button.url ?? '').split('{{')[0] ?? '';
	return base !== '' && example.startsWith(base) ? example.slice(base.length) : example;
}

/** The `components` of a send, made of a form's values; what is missing is left out, so that the check names it. */
export function fillTemplate(
	template: TemplateText,
	values: Readonly<Record<string, FieldValue>>
): Record<string, unknown>[] {
	const { cards, offer } = partsOf(template.components);
	const until = values['offer'];
	return [
		...fillLevel(template, template.components, '', values),
		...(offer?.has_expiration && typeof until === 'string' && until !== ''
			? [
					{
						type: 'limited_time_offer',
						parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: Date.parse(until) } }]
					}
				]
			: []),
		...(cards.length > 0
			? [
					{
						type: 'carousel',
						cards: cards.map((card, index) => ({
							card_index: index,
							components: fillLevel(template, card.components, `card.${index}.`, values)
						}))
					}
				]
			: [])
	];
}

function fillLevel(
	{ parameter_format: format }: TemplateText,
	components: readonly TemplateComponent[],
	prefix: string,
	values: Readonly<Record<string, FieldValue>>
): Record<string, unknown>[] {
	const { header, body, buttons } = partsOf(components);
	const filled: Record<string, unknown>[] = [];
	if (header && header.format !== 'TEXT') {
		const kind = header.format.toLowerCase();
		const file = values[`${prefix}header`];
		if (typeof file === 'object') filled.push({ type: 'header', parameters: [{ type: kind, [kind]: file }] });
	}
	const texts = [
		['header', header?.format === 'TEXT' ? (header.text ?? '') : ''],
		['body', body?.text ?? '']
	] as const;
	for (const [part, text] of texts) {
		const names = sendOrder(text, format);
		if (names.length === 0) continue;
		const parameters = names.map((name) => ({
			type: 'text',
			...(format === 'NAMED' ? { parameter_name: name } : {}),
			text: textOf(values[`${prefix}${part}.${name}`])
		}));
		filled.push({ type: part, parameters });
	}
	buttons.forEach((button, index) => {
		const value = textOf(values[`${prefix}button.${index}`]);
		const isCode = button.type === 'COPY_CODE';
		if (value === '' || (!isCode && !isFilled(button))) return;
		filled.push({
			type: 'button',
			sub_type: SUB_TYPES[button.type],
			index: String(index),
			parameters: [isCode ? { type: 'coupon_code', coupon_code: value } : { type: 'text', text: value }]
		});
	});
	return filled;
}

const textOf = (value: FieldValue | undefined): string => (typeof value === 'string' ? value.trim() : '');
