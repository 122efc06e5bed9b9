import type { Rolldown } from 'vite';

/**
 * The places that wait for their JavaScript, from the one that is reached first. What a place needs at once and no
 * earlier one did lies in one file: a hundred small ones compress badly, and each names what it takes from the others.
 */
const PLACES: { name: string; roots: RegExp[] }[] = [
	// Fetched before the page has said what it is: nothing that asks that while it begins may lie here.
	{ name: 'app', roots: [/\/generated\/build\/client-optimized\/app\.js$/] },
	{
		name: 'door',
		roots: [
			/\/kit\/src\/runtime\/client\/client\.js$/,
			/\/src\/routes\/\+(layout|error)\.svelte$/,
			/\/src\/routes\/\(door\)\/(\+layout|sign-in\/\+page)\.svelte$/
		]
	},
	{ name: 'workspace', roots: [/\/src\/routes\/\[workspace\]\/\+layout\.svelte$/] },
	{ name: 'inbox', roots: [/\/src\/routes\/\[workspace\]\/inbox\/\[\[conversation\]\]\/\+page\.(svelte|ts)$/] }
];

const message = /\/paraglide\/messages\/(\w+)\.js$/;
/** A message that is said: its catalogue names all there are, so that what is imported tells nothing. */
const said = /\bm\.(\w+)/g;

/** Kit puts what the page says of itself here before it fetches the rest, which reads it while it begins. */
const payload = /\/kit\/src\/runtime\/client\/payload\.js$/;

/** The groups of modules of the browser's build: one a place, of which the earlier takes what it shares with a later one. */
export function chunksOfPlaces(): Rolldown.CodeSplittingGroup[] {
	const ids: string[] = [];
	let places: Map<string, string> | null = null;
	const groups = PLACES.map(({ name }, index): Rolldown.CodeSplittingGroup => ({
		debugName: name,
		priority: PLACES.length - index,
		// Every module is tested before the first is named: by then all are known.
		test: (id) => index > 0 || ids.push(id) > 0,
		name: (id, build) => {
			places ??= placesOf(ids, (of) => build.getModuleInfo(of));
			return places.get(id) === name ? name : null;
		}
	}));
	return [{ name: 'payload', test: payload, priority: PLACES.length + 1 }, ...groups];
}

type Look = (id: string) => Pick<Rolldown.ModuleInfo, 'importedIds' | 'code' | 'isEntry'> | null;

/** Which place needs each module first. */
export function placesOf(ids: string[], look: Look): Map<string, string> {
	const places = new Map<string, string>();
	const seen = new Set<string>();
	const messages = new Map(ids.flatMap((id) => (message.exec(id) ?? []).slice(1).map((key) => [key, id])));
	for (const { name, roots } of PLACES) {
		const waiting = roots.flatMap((root) => {
			const found = ids.filter((id) => root.test(id));
			if (found.length === 0) throw new Error(`No module is ${root.source}: chunks.ts names what is gone.`);
			return found;
		});
		for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
			if (seen.has(id)) continue;
			seen.add(id);
			const { importedIds = [], code = null, isEntry = false } = look(id) ?? {};
			// A file of its own already.
			if (!isEntry) places.set(id, name);
			waiting.push(...importedIds.filter((imported) => !message.test(imported)));
			if (message.test(id)) continue;
			for (const [, key = ''] of code?.matchAll(said) ?? []) {
				const file = messages.get(key);
				if (file) waiting.push(file);
			}
		}
	}
	return places;
}
