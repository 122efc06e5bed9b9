/*
 * What others wrote (customers, documents, facts, a tenant's own texts) reaches a model between tags, as data. Nothing in
 * it can open or close a tag: `<`, `>`, `&` and `"` are written as entities, and so is nothing else, so that the same text
 * always looks the same and a provider's cache of prompts holds. Marks that no eye sees, in which orders can be hidden,
 * are taken out.
 */

/** Controls, marks without width, changes of direction, tags of Unicode's plane 14, variation selectors beyond emoji's. */
const HIDDEN =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const CHARACTERS = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));

/** A text without what is hidden in it, lone halves of characters included. */
export const visible = (text: string): string => text.toWellFormed().replace(/\r\n?/g, '\n').replace(HIDDEN, '');

/** A text as it may stand between tags or in an attribute. */
export const asData = (text: string): string =>
	visible(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** What `asData` was given, as far as it was visible. */
export const fromData = (data: string): string =>
	data.replace(/&(?:amp|lt|gt|quot);/g, (entity) => CHARACTERS.get(entity) ?? entity);

/** `<name attribute="…">data</name>`. Names are ours, everything else is somebody's. */
export function block(name: string, text: string, attributes: Record<string, string> = {}): string {
	const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${asData(value).replace(/\s+/g, ' ')}"`);
	return `<${name}${written.join('')}>${asData(text)}</${name}>`;
}
