import type { MediaKind } from '../../content.ts';
import { FILENAME_MAX, FILE_STRUCTURE, fileFields, type FileSource } from '../media.ts';
import { field, object, text, word, type Field, type Rule } from '../rule.ts';

/** The same for every interactive message: …/whatsapp/messages/interactive-reply-buttons-messages and its sisters. */
export const HEADER_MAX = 60;
export const BODY_MAX = 1_024;
export const FOOTER_MAX = 60;

export interface HeaderFile extends FileSource {
	/** Meta's id, which only the worker sets. */
	id?: string | null | undefined;
}

export interface TextHeader {
	type: 'text';
	text: string;
}

export type Header =
	| TextHeader
	| { type: 'image'; image: HeaderFile }
	| { type: 'video'; video: HeaderFile }
	| { type: 'document'; document: HeaderFile };

export interface Body {
	text: string;
}

const textHeader = object([
	field('type', word('text')),
	field('text', text(HEADER_MAX, 'header_too_long', 'header_empty'), 'header_empty')
]);

export function fileHeader(kind: Exclude<MediaKind, 'audio' | 'sticker'>): Rule {
	const more = kind === 'document' ? [field('filename', text(FILENAME_MAX, 'filename_too_long'))] : [];
	return object([
		field('type', word(kind)),
		field(kind, object([...fileFields(kind), ...more], FILE_STRUCTURE), 'media_missing')
	]);
}

const header = (of: Record<string, Rule>): Field => field('header', { is: 'variant', by: 'type', of });

export const textHeaderField: Field = header({ text: textHeader });

export const headerField: Field = header({
	text: textHeader,
	image: fileHeader('image'),
	video: fileHeader('video'),
	document: fileHeader('document')
});

export function bodyField(max = BODY_MAX, required = true): Field {
	const rule = object([field('text', text(max, 'body_too_long', 'body_empty'), 'body_empty')]);
	return required ? field('body', rule, 'body_empty') : field('body', rule);
}

export const footerField: Field = field(
	'footer',
	object([field('text', text(FOOTER_MAX, 'footer_too_long', 'footer_empty'), 'footer_empty')])
);
