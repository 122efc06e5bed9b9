import { el } from './element.js';

/** What WhatsApp lets people write: *bold*, _italic_, ~struck~, `code`, and links. */
const pattern = /(\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|```[^`]+```|`[^`\n]+`|https?:\/\/[^\s<>"]+)/g;

/**
 * Text with its marks turned into elements.
 * @param {string} text
 * @returns {Node}
 */
export function richText(text) {
	const fragment = document.createDocumentFragment();
	text.split(pattern).forEach((part, index) => {
		if (index % 2 === 0) fragment.append(part);
		else if (part.startsWith('http'))
			fragment.append(el('a', { href: part, target: '_blank', rel: 'noreferrer' }, part));
		else if (part.startsWith('*')) fragment.append(el('strong', {}, part.slice(1, -1)));
		else if (part.startsWith('_')) fragment.append(el('em', {}, part.slice(1, -1)));
		else if (part.startsWith('~')) fragment.append(el('s', {}, part.slice(1, -1)));
		else fragment.append(el('code', {}, part.replace(/^`+|`+$/g, '')));
	});
	return fragment;
}
