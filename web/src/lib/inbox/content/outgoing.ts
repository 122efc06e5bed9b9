/** What was sent as buttons, a list, an address to visit, a form: in the Graph API's own shape, read without trusting it. */
export interface Shown {
	header: string | null;
	/** A picture, film or document above the words. */
	headerMedia: 'image' | 'video' | 'document' | null;
	body: string;
	footer: string | null;
	buttons: {
		text: string;
		kind: 'reply' | 'url' | 'phone' | 'list' | 'flow' | 'copy' | 'place';
		href: string | null;
	}[];
	/** What stands behind a list's button. */
	sections: { title: string | null; rows: { title: string; description: string | null }[] }[];
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const webOf = (value: unknown): string | null => {
	const text = textOf(value);
	return text && /^https?:\/\//.test(text) ? text : null;
};
const mediaOf = (value: unknown): Shown['headerMedia'] => {
	const type = String(value).toLowerCase();
	return type === 'image' || type === 'video' || type === 'document' ? type : null;
};

/** An interactive message that we sent; null when the content is something else, such as an answer to one. */
export function interactiveOf(content: unknown): Shown | null {
	const { interactive } = fieldsOf(content);
	if (typeof interactive !== 'object' || interactive === null) return null;
	const { type, header, body, footer, action } = fieldsOf(interactive);
	const [head, act] = [fieldsOf(header), fieldsOf(action)];
	const parameters = fieldsOf(act.parameters);
	const buttons: Shown['buttons'] = [];
	for (const { reply } of listOf(act.buttons)) {
		buttons.push({ text: textOf(fieldsOf(reply).title) ?? '', kind: 'reply', href: null });
	}
	if (type === 'list') buttons.push({ text: textOf(act.button) ?? '', kind: 'list', href: null });
	if (type === 'cta_url') {
		buttons.push({ text: textOf(parameters.display_text) ?? '', kind: 'url', href: webOf(parameters.url) });
	}
	if (type === 'flow') buttons.push({ text: textOf(parameters.flow_cta) ?? '', kind: 'flow', href: null });
	if (type === 'location_request_message') buttons.push({ text: '', kind: 'place', href: null });
	return {
		header: textOf(head.text),
		headerMedia: mediaOf(head.type),
		body: textOf(fieldsOf(body).text) ?? '',
		footer: textOf(fieldsOf(footer).text),
		buttons,
		sections: listOf(act.sections).map((section) => ({
			title: textOf(section.title),
			rows: [...listOf(section.rows), ...listOf(section.product_items)].map((row) => ({
				title: textOf(row.title) ?? textOf(row.product_retailer_id) ?? '',
				description: textOf(row.description)
			}))
		}))
	};
}

/**
 * A template that we sent, as its reader sees it: the definition (as Meta gives it) with what was put into it. Without
 * the definition, the text alone.
 */
export function templateOf(sent: unknown, definition: unknown, body: string): Shown {
	const parts = listOf(fieldsOf(sent).components);
	const part = (type: string) => parts.find((one) => String(one.type).toLowerCase() === type);
	const defined = listOf(definition);
	const piece = (type: string) => defined.find((one) => String(one.type).toUpperCase() === type) ?? {};
	const header = piece('HEADER');
	const parameters = (component: Fields | undefined) =>
		listOf(component?.parameters).map((one) => ({
			name: textOf(one.parameter_name),
			text:
				textOf(one.text) ??
				textOf(fieldsOf(one.currency).fallback_value) ??
				textOf(fieldsOf(one.date_time).fallback_value) ??
				''
		}));
	const headerPart = part('header');
	return {
		header: header.format === 'TEXT' ? fill(textOf(header.text) ?? '', parameters(headerPart)) : null,
		headerMedia: mediaOf(header.format) ?? mediaOf(listOf(headerPart?.parameters)[0]?.type),
		body: body || fill(textOf(piece('BODY').text) ?? '', parameters(part('body'))),
		footer: textOf(piece('FOOTER').text),
		buttons: listOf(piece('BUTTONS').buttons).map((button) => ({
			text: textOf(button.text) ?? '',
			kind: kinds[String(button.type)] ?? 'reply',
			href: webOf(button.url)?.includes('{{') ? null : webOf(button.url)
		})),
		sections: []
	};
}

const kinds: Record<string, Shown['buttons'][number]['kind']> = {
	URL: 'url',
	PHONE_NUMBER: 'phone',
	COPY_CODE: 'copy',
	OTP: 'copy',
	FLOW: 'flow'
};

/** `{{1}}` and `{{nome}}` replaced by what was put there. */
function fill(text: string, parameters: { name: string | null; text: string }[]): string {
	return text.replaceAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/gi, (whole, name: string) => {
		const found = /^\d+$/.test(name) ? parameters[Number(name) - 1] : parameters.find((one) => one.name === name);
		return found?.text ?? whole;
	});
}
