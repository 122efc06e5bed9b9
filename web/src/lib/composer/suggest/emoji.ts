import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { namedAt } from '../emoji/named.ts';
import type { Provider } from './provider.ts';

/** Emoji by name: `:bolo`. */
export const emojiProvider: Provider = {
	name: 'emoji',
	modes: ['reply', 'note'],
	label: m.emoji_suggest,
	at: namedAt,
	async load() {
		const { findEmoji, loadEmoji, rememberEmoji } = await import('../emoji/emoji.ts');
		const all = await loadEmoji(getLocale());
		return (query) =>
			findEmoji(all, query, 7).map(({ unicode, label }) => ({
				id: unicode,
				label,
				lead: unicode,
				words: () => `${unicode} `,
				onpicked: () => rememberEmoji(localStorage, unicode)
			}));
	}
};
