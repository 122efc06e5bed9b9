import type { Locale } from '@prosa/core/locale.ts';

export interface Emoji {
	unicode: string;
	label: string;
	tags: string[];
	group: number;
}

/** Emojibase's groups, in its order, without the components of other emoji (2); each shown by one of its own. */
export const groups = [
	{ id: 0, sign: '😀' },
	{ id: 1, sign: '👋' },
	{ id: 3, sign: '🐶' },
	{ id: 4, sign: '🍎' },
	{ id: 5, sign: '🚗' },
	{ id: 6, sign: '⚽' },
	{ id: 7, sign: '💡' },
	{ id: 8, sign: '❤️' },
	{ id: 9, sign: '🏁' }
] as const;

interface Raw {
	unicode: string;
	label: string;
	tags?: string[];
	group?: number;
}

let loaded: Promise<Emoji[]> | null = null;

/** Every emoji with its names in the person's language; 90 kB, fetched when first asked for. */
export function loadEmoji(locale: Locale): Promise<Emoji[]> {
	loaded ??= read(locale).catch((problem: unknown) => {
		loaded = null;
		throw problem;
	});
	return loaded;
}

async function read(locale: Locale): Promise<Emoji[]> {
	const { default: all }: { default: Raw[] } =
		locale === 'en' ? await import('emojibase-data/en/compact.json') : await import('emojibase-data/pt/compact.json');
	return all.flatMap(({ unicode, label, tags = [], group }) =>
		group === undefined || group === 2 ? [] : [{ unicode, label, tags, group }]
	);
}

/** Without accents and capitals, as people type in a hurry. */
const plain = (text: string) =>
	text
		.normalize('NFD')
		.replace(/\p{Diacritic}/gu, '')
		.toLowerCase();

/** The emoji a word means, best first: it is its name, begins it, begins one of its words, one of its tags. */
export function findEmoji(all: Emoji[], query: string, limit: number): Emoji[] {
	const word = plain(query.trim());
	if (word === '') return [];
	const rank = ({ label, tags }: Emoji): number => {
		const name = plain(label);
		if (name === word) return 0;
		if (name.startsWith(word)) return 1;
		if (name.split(/\s+/).some((part) => part.startsWith(word))) return 2;
		return tags.some((tag) => plain(tag).startsWith(word)) ? 3 : 4;
	};
	return all
		.map((emoji, order) => ({ emoji, order, rank: rank(emoji) }))
		.filter(({ rank: found }) => found < 4)
		.sort((a, b) => a.rank - b.rank || a.order - b.order)
		.slice(0, limit)
		.map(({ emoji }) => emoji);
}

const key = 'prosa:emoji';
const kept = 18;

/** Those used last on this device, newest first. */
export function recentEmoji(store: Pick<Storage, 'getItem'>): string[] {
	try {
		const list: unknown = JSON.parse(store.getItem(key) ?? '[]');
		return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
	} catch {
		return [];
	}
}

export function rememberEmoji(store: Pick<Storage, 'getItem' | 'setItem'>, emoji: string) {
	try {
		const list = [emoji, ...recentEmoji(store).filter((other) => other !== emoji)].slice(0, kept);
		store.setItem(key, JSON.stringify(list));
	} catch {
		// A private window may refuse.
	}
}
