import type { TemplateField } from '@prosa/core/whatsapp/templates/fill.ts';

interface Contact {
	name: string | null;
	phone: string | null;
}

const aboutName = /^(primeiro_)?(nome|name|first_name|cliente|customer|contato)$/;

/** What may stand in a field, of what is known of the contact. */
export function suggestionsFor(contact: Contact): string[] {
	const name = contact.name?.trim() ?? '';
	const first = name.split(/\s+/)[0] ?? '';
	return [...new Set([first, name, contact.phone ? `+${contact.phone}` : ''])].filter((text) => text !== '');
}

/** What a field surely asks for: the first name where it is named so, or where the first variable's example is one. */
export function prefill(field: TemplateField, contact: Contact): string {
	const first = contact.name?.trim().split(/\s+/)[0] ?? '';
	if (field.kind !== 'text' || first === '') return '';
	if (aboutName.test(field.name)) return first;
	return field.part === 'body' && field.name === '1' && /^\p{Lu}\p{L}+$/u.test(field.example) ? first : '';
}
