const key = 'prosa.templates.recent';
const most = 20;

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** Ids of the templates this person sent last, newest first. */
export function recentTemplates(store: Store): string[] {
	try {
		const ids: unknown = JSON.parse(store.getItem(key) ?? '[]');
		return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
	} catch {
		return [];
	}
}

export function noteTemplate(store: Store, id: string): void {
	try {
		store.setItem(key, JSON.stringify([id, ...recentTemplates(store).filter((one) => one !== id)].slice(0, most)));
	} catch {
		// A browser without room for it just forgets the order.
	}
}

/** Those used last come first, the others as they were. */
export function recentFirst<T extends { id: string }>(templates: readonly T[], recent: readonly string[]): T[] {
	const place = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
	return [...templates].sort((one, other) => place(one.id) - place(other.id));
}
