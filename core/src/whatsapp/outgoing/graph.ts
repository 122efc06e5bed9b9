import type { OutgoingContent } from './content.ts';
import { changeFiles } from './files.ts';
import type { Carousel } from './interactive/carousel.ts';
import type { OutgoingMedia } from './media.ts';
import { holdsLink } from './text.ts';

/** What stands under the name of its kind in a request to send a message. */
export function graphPayload(content: OutgoingContent, target: string | null): unknown {
	switch (content.kind) {
		case 'text':
			return { body: content.text, preview_url: (content.preview_url ?? true) && holdsLink(content.text) };
		case 'location': {
			const { latitude, longitude, name, address } = content;
			return { latitude, longitude, ...filled({ name, address }) };
		}
		case 'contacts':
			return compact(content.contacts);
		case 'reaction':
			return { message_id: target, emoji: content.emoji };
		case 'interactive': {
			const { interactive } = ownFieldsRemoved(content);
			return compact(interactive.type === 'carousel' ? cardTypesRemoved(interactive) : interactive);
		}
		case 'template': {
			const { name, language, components } = ownFieldsRemoved(content);
			return {
				name,
				language: { code: language },
				...(components.length > 0 ? { components: compact(components) } : {})
			};
		}
		default:
			return media(content);
	}
}

/** Only documents have file names; audio and stickers have no caption: Meta answers 100 to either. */
function media({ kind, media_id, link, caption, filename, voice }: OutgoingMedia): unknown {
	return {
		...(media_id ? { id: media_id } : { link }),
		...filled({
			caption: kind === 'audio' || kind === 'sticker' ? null : caption,
			filename: kind === 'document' ? filename : null
		}),
		...(kind === 'audio' && voice ? { voice } : {})
	};
}

/** Files in headers and variables without what only we know of them. */
function ownFieldsRemoved<T extends OutgoingContent>(content: T): T {
	return changeFiles(content, (kind, { id, link, filename }) => ({
		...(id ? { id } : { link }),
		...(kind === 'document' && filename ? { filename } : {})
	})) as T;
}

/** Meta names the type of a card that opens a page, and of no other. */
function cardTypesRemoved(carousel: Carousel): unknown {
	const cards = carousel.action.cards.map(({ type, ...card }) => (type === 'cta_url' ? { type, ...card } : card));
	return { ...carousel, action: { ...carousel.action, cards } };
}

/** What a Flow's screen is given is the business's own: there null may mean something. */
const UNTOUCHED = new Set(['data', 'flow_action_data']);

/** Without fields that are null: Meta takes a missing field for one that isn't there, and null for an error. */
function compact(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(compact);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, part]) => part !== null && part !== undefined)
			.map(([name, part]) => [name, UNTOUCHED.has(name) ? part : compact(part)])
	);
}

function filled(fields: Record<string, string | null | undefined>): Record<string, string> {
	return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
