import { partsOf } from '@prosa/core/whatsapp/templates/component.ts';
import { textOf, type Template } from './rows.ts';

const plain = (text: string) =>
	text
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.toLowerCase()
		.replaceAll('_', ' ');

/** Whether every word of what is looked for stands in the name or the text, whatever the accents. */
export function matches(template: Template, query: string): boolean {
	const words = plain(query).split(/\s+/).filter(Boolean);
	const { header, body, footer } = partsOf(textOf(template).components);
	const text = plain([template.name, header?.text, body?.text, footer?.text].filter(Boolean).join(' '));
	return words.every((word) => text.includes(word));
}
