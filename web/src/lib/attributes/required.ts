import type { Attribute } from '#lib/actions/choices.svelte.ts';

type Values = Readonly<Record<string, unknown>>;

/** The custom attributes of a row, as far as it is known. */
export function valuesOf(row: { attributes: unknown } | undefined): Values {
	return typeof row?.attributes === 'object' && row.attributes !== null ? (row.attributes as Values) : {};
}

/** The attributes that closing a conversation with these values still needs, in their order. */
export function missingOnClose(attributes: readonly Attribute[], values: Values): Attribute[] {
	return attributes.filter(
		({ subject, required_on_close, key }) =>
			subject === 'conversation' && required_on_close && (values[key] === undefined || values[key] === null)
	);
}

export interface Lacking {
	ids: string[];
	missing: Attribute[];
}

/** Conversations by what they lack: those of one group get the same answers. */
export function groupsLacking(
	attributes: readonly Attribute[],
	conversations: readonly { id: string; values: Values }[]
): Lacking[] {
	const groups = new Map<string, Lacking>();
	for (const { id, values } of conversations) {
		const missing = missingOnClose(attributes, values);
		const name = missing.map(({ key }) => key).join(' ');
		const group = groups.get(name);
		if (group) group.ids.push(id);
		else groups.set(name, { ids: [id], missing });
	}
	return [...groups.values()];
}
