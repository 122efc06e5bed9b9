import type { Member } from '#lib/workspace/context.ts';

type Named = Pick<Member, 'user_id' | 'display_name'>;

/** Somebody else who has the same drawing open. */
export interface Drawer {
	user_id: string;
	name: string;
	/** The one block that they have chosen. */
	node: string | null;
	/** The revision that their drawing stands on. */
	revision: number;
}

function isTold(value: unknown): value is { node: string | null; revision: number } {
	if (typeof value !== 'object' || value === null || !('node' in value) || !('revision' in value)) return false;
	return (value.node === null || typeof value.node === 'string') && typeof value.revision === 'number';
}

/**
 * The others behind a presence state, each once: the page that is furthest. Who somebody is comes from the state's key and
 * the memberships, never from what they tell.
 */
export function drawersOf(state: Record<string, unknown[]>, members: readonly Named[], me: string): Drawer[] {
	return members.flatMap(({ user_id, display_name: name }): Drawer[] => {
		if (user_id === me || !Object.hasOwn(state, user_id)) return [];
		const pages = (state[user_id] ?? []).filter(isTold).toSorted((one, other) => other.revision - one.revision);
		const [page] = pages;
		return page ? [{ user_id, name, node: page.node, revision: page.revision }] : [];
	});
}

/** Who has chosen which block. */
export function chosenBy(drawers: readonly Drawer[]): ReadonlyMap<string, readonly Drawer[]> {
	const by = new Map<string, Drawer[]>();
	for (const drawer of drawers) {
		if (drawer.node === null) continue;
		const known = by.get(drawer.node);
		if (known) known.push(drawer);
		else by.set(drawer.node, [drawer]);
	}
	return by;
}
