import { fold } from '@prosa/core/text/fold.ts';
import type { CannedResponse, Use } from './rows.ts';

type Findable = Pick<CannedResponse, 'id' | 'shortcut' | 'title' | 'category' | 'variants'>;

/**
 * The responses that are meant, best first: by shortcut, title, category and words, accents ignored. Among equals, and
 * where nothing was typed yet, what one used last and most goes first.
 */
export function findResponses<R extends Findable>(
	responses: readonly R[],
	uses: ReadonlyMap<string, Use>,
	query: string
): R[] {
	const sought = fold(query);
	return responses
		.map((response) => ({ response, place: placeOf(response, sought), worth: worthOf(uses.get(response.id)) }))
		.filter(({ place }) => place !== null)
		.sort(
			(a, b) => (a.place ?? 0) - (b.place ?? 0) || b.worth - a.worth || a.response.title.localeCompare(b.response.title)
		)
		.map(({ response }) => response);
}

function placeOf({ shortcut, title, category, variants }: Findable, sought: string): number | null {
	if (sought === '') return 0;
	const name = fold(title);
	if (shortcut === sought) return 0;
	if (shortcut.startsWith(sought)) return 1;
	if (` ${name}`.includes(` ${sought}`)) return 2;
	if (shortcut.includes(sought) || name.includes(sought)) return 3;
	if (fold(category).startsWith(sought)) return 4;
	const words = sought.split(' ');
	const all = fold(`${title} ${category} ${variants.map(({ text }) => text).join(' ')}`);
	return words.every((word) => all.includes(word)) ? 5 : null;
}

const day = 86_400_000;

/** Uses fade: one of today is worth as much as two of a week ago. */
function worthOf(use: Use | undefined, now = Date.now()): number {
	if (!use) return 0;
	const age = Math.max(0, now - Date.parse(use.last_used_at)) / day;
	return (1 + Math.log2(1 + use.uses)) * 2 ** (-age / 7);
}

export const noUses: ReadonlyMap<string, Use> = new Map();

/** The uses with one more, of this moment. */
export function usedNow(uses: ReadonlyMap<string, Use>, responseId: string): ReadonlyMap<string, Use> {
	const count = (uses.get(responseId)?.uses ?? 0) + 1;
	return new Map(uses).set(responseId, { uses: count, last_used_at: new Date().toISOString() });
}
