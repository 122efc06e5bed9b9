import { fold } from '@prosa/core/text/fold.ts';

const most = 8;
const keyOf = (tenantId: string) => `prosa:searches:${tenantId}`;

/** What was looked for here last, newest first; the browser keeps it. */
export function readRecent(storage: Pick<Storage, 'getItem'>, tenantId: string): string[] {
	try {
		const kept: unknown = JSON.parse(storage.getItem(keyOf(tenantId)) ?? '[]');
		return Array.isArray(kept) ? kept.filter((item) => typeof item === 'string').slice(0, most) : [];
	} catch {
		return [];
	}
}

/** Notes a search, once however it was spelled. Gives the list as it then is. */
export function keepRecent(storage: Pick<Storage, 'getItem' | 'setItem'>, tenantId: string, query: string): string[] {
	const asked = query.trim();
	const known = readRecent(storage, tenantId);
	if (asked.length < 2) return known;
	const kept = [asked, ...known.filter((other) => fold(other) !== fold(asked))].slice(0, most);
	try {
		storage.setItem(keyOf(tenantId), JSON.stringify(kept));
	} catch {
		// A full or forbidden storage only forgets.
	}
	return kept;
}

export function forgetRecent(storage: Pick<Storage, 'removeItem'>, tenantId: string) {
	storage.removeItem(keyOf(tenantId));
}
