import { Mask, type MaskEntry } from './mask.ts';

export const NAME = '[NAME_1]';

/** The mask of a conversation with somebody. A name is nobody's business but ours, and cannot be told from other words: it has a placeholder of its own. */
export function maskNamed(name: string, entries: readonly MaskEntry[] = []): Mask {
	const named = { placeholder: NAME, kind: 'TEXT' as const, key: 'name', written: name };
	return new Mask(name === '' ? entries : [named, ...entries]);
}

/** What to keep of a mask: all but the name, which may be another one next time. */
export const keptOf = (mask: Mask): MaskEntry[] => mask.entries.filter(({ placeholder }) => placeholder !== NAME);

/** Personal data in its place again; a placeholder that stands for nothing was made up, and goes. */
export function putBack(text: string, mask: Mask): string {
	const { text: whole, unknown } = mask.unmask(text);
	return unknown.reduce((rest, one) => rest.replaceAll(one, ''), whole);
}
