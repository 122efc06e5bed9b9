import type { TemplateButton } from '@prosa/core/whatsapp/templates/component.ts';

/** A button as the editor's fields hold it. */
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

export const emptyButton = (type: string): EditorButton => ({
	key: crypto.randomUUID(),
	type,
	text: '',
	url: '',
	phone: '',
	example: '',
	rest: {}
});

/** A button there is, as fields. */
export function editorButton({ type, text, url, phone_number, example, ...rest }: TemplateButton): EditorButton {
	return {
		...emptyButton(type),
		text: text ?? '',
		url: url ?? '',
		phone: phone_number ?? '',
		example: (Array.isArray(example) ? example[0] : example) ?? '',
		rest
	};
}

/** What a button's fields say, as Meta takes it. */
export function buttonOf({ type, text, url, phone, example, rest }: EditorButton): TemplateButton {
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
