const most = 6;
const keyOf = (tenantId: string) => `prosa:commands:${tenantId}`;

/** What was done from the palette last, newest first; the browser keeps it. */
export function readDone(storage: Pick<Storage, 'getItem'>, tenantId: string): string[] {
	try {
		const kept: unknown = JSON.parse(storage.getItem(keyOf(tenantId)) ?? '[]');
		return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, most) : [];
	} catch {
		return [];
	}
}

export function keepDone(storage: Pick<Storage, 'getItem' | 'setItem'>, tenantId: string, id: string): void {
	const kept = [id, ...readDone(storage, tenantId).filter((other) => other !== id)].slice(0, most);
	try {
		storage.setItem(keyOf(tenantId), JSON.stringify(kept));
	} catch {
		// A full or forbidden storage only forgets.
	}
}
