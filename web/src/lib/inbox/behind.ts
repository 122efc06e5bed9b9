import { loadMenu } from '#lib/ui/menu.ts';
import { toaster } from '#lib/ui/sonner.svelte.ts';
import { told } from '#lib/ui/toast.ts';

/** What is wanted next, in that order: a conversation, a menu, a word at the edge of the screen, the search. */
const parts = [
	() => import('./ThreadPane.svelte'),
	loadMenu,
	() => Promise.all([toaster.load(), told()]),
	() => import('./DetailsPanel.svelte'),
	() => import('#lib/search/SearchPane.svelte')
];

/**
 * Fetches the rest of the inbox once the list is there and can be used, one after another and never at the expense of
 * what the person does: keys pressed while a part loads would be lost. Returns what stops it.
 */
export function fetchBehind(delayMs = 900): () => void {
	let stopped = false;
	const timer = setTimeout(async () => {
		for (const load of parts) {
			// Offline, or a newer version is out: it is asked for again when it is wanted.
			if (!stopped) await load().catch(() => undefined);
		}
	}, delayMs);
	return () => {
		stopped = true;
		clearTimeout(timer);
	};
}
