import { partsOf, type HeaderFormat, type TemplateButton, type TemplateText } from './component.ts';
import { fieldsOf } from '../json.ts';
import { readSent, type HeaderFile, type Parameter, type Sent } from './sending.ts';
import { fillText, sendOrder } from './variables.ts';

/** A template as the customer sees it. */
export interface RenderedTemplate {
	header: { format: HeaderFormat; text: string; file: HeaderFile | null } | null;
	body: string;
	footer: string;
	offer: string | null;
	buttons: RenderedButton[];
	cards: Omit<RenderedTemplate, 'footer' | 'offer' | 'cards'>[];
}

export interface RenderedButton {
	type: string;
	text: string;
	/** Where a link leads once filled. */
	url: string | null;
}

/**
 * Draws what is sent, also where something is still missing: a variable without a value reads as `missing` says.
 * Authentication templates come with the text Meta gives them.
 */
export function renderTemplate(
	template: TemplateText,
	components: unknown,
	missing: (name: string) => string = (name) => `{{${name}}}`
): RenderedTemplate {
	const sent = readSent(components) ?? { header: [], body: [], buttons: [], cards: [], offer: [] };
	const { footer, cards, offer } = partsOf(template.components);
	return {
		...level(template, sent),
		footer: footer?.text ?? '',
		offer: offer ? (offer.text ?? '') : null,
		cards: cards.map((card, index) => {
			const filled = sent.cards.find(({ card_index }) => String(card_index) === String(index));
			const part = readSent(filled?.components) ?? { header: [], body: [], buttons: [], cards: [], offer: [] };
			return level({ ...template, components: card.components }, part);
		})
	};

	function level(text: TemplateText, part: Sent): RenderedTemplate['cards'][number] {
		const { header, body, buttons } = partsOf(text.components);
		const [file] = part.header;
		return {
			header: header && {
				format: header.format,
				text: fill(header.text ?? '', part.header),
				file: header.format === 'TEXT' ? null : ((fieldsOf(file?.[file.type ?? '']) as HeaderFile | null) ?? null)
			},
			body: fill(body?.text ?? '', part.body),
			buttons: buttons.map((button, index) =>
				buttonOf(
					button,
					part.buttons.find((one) => Number(one.index) === index)
				)
			)
		};
	}

	function fill(text: string, parameters: Parameter[]): string {
		const values: Record<string, string> = {};
		sendOrder(text, template.parameter_format).forEach((name, index) => {
			const parameter =
				template.parameter_format === 'NAMED'
					? parameters.find(({ parameter_name }) => parameter_name === name)
					: parameters[index];
			const value = parameter && shown(parameter);
			if (value) values[name] = value;
		});
		return fillText(text, values, missing);
	}

	function buttonOf(button: TemplateButton, filled: Sent['buttons'][number] | undefined): RenderedButton {
		const value = filled?.parameters?.[0]?.text;
		return {
			type: button.type,
			text: button.text ?? '',
			url: button.url ? fillText(button.url, typeof value === 'string' ? { 1: value } : {}, () => '…') : null
		};
	}
}

function shown(parameter: Parameter): string | null {
	const value =
		parameter.text ?? fieldsOf(parameter.currency)?.fallback_value ?? fieldsOf(parameter.date_time)?.fallback_value;
	return typeof value === 'string' ? value : null;
}
