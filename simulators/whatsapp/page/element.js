/** @typedef {Node | string | null | false | undefined} Child */

/**
 * Makes an element. `on…` keys listen, `true` sets an empty attribute, null and false leave one out; text is always
 * text, never markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [key, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false) continue;
		if (key.startsWith('on')) element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
		else element.setAttribute(key, value === true ? '' : String(value));
	}
	element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
	return element;
}

/**
 * Makes the children of `parent` be `wanted`, moving as little as possible, so that what plays goes on playing and what
 * has the focus keeps it.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function reconcile(parent, wanted) {
	const keep = new Set(wanted);
	for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
	wanted.forEach((node, index) => {
		if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
	});
}
