import type { MediaKind } from '../content.ts';
import type { OutgoingContent } from './content.ts';
import type { HeaderFile } from './interactive/parts.ts';
import type { TemplateComponent } from './template/components.ts';
import type { TemplateParameter } from './template/parameters.ts';

/** A file wherever it stands in a message: the message itself, its header, a card, a template's variable. */
export interface OutgoingFile {
	kind: MediaKind;
	path: string | null;
	mime_type: string | null;
	filename: string | null;
}

/** The uploaded files of a message, in order, each once. */
export function uploadsOf(content: OutgoingContent): (OutgoingFile & { path: string })[] {
	const found = new Map<string, OutgoingFile & { path: string }>();
	changeFiles(content, (kind, file) => {
		const { path, mime_type = null, filename = null } = file;
		if (path && !found.has(path)) found.set(path, { kind, path, mime_type, filename });
		return file;
	});
	return [...found.values()];
}

/** The message with Meta's media ids (by path) in the place of the uploaded files. */
export function withMediaIds(content: OutgoingContent, ids: ReadonlyMap<string, string>): OutgoingContent {
	return changeFiles(content, (_kind, { path, ...file }) => {
		const id = path ? ids.get(path) : undefined;
		return id === undefined ? { path, ...file } : { ...file, id };
	});
}

/** The message with every file of its changed. */
export function changeFiles(
	content: OutgoingContent,
	change: (kind: MediaKind, file: HeaderFile) => HeaderFile
): OutgoingContent {
	switch (content.kind) {
		case 'image':
		case 'video':
		case 'audio':
		case 'document':
		case 'sticker': {
			const { media_id, path, link, mime_type, size, filename, ...rest } = content;
			const { id, ...file } = change(content.kind, { id: media_id, path, link, mime_type, size, filename });
			return { ...rest, ...file, media_id: id };
		}
		case 'interactive': {
			const { interactive } = content;
			if (interactive.type === 'carousel') {
				const cards = interactive.action.cards.map((card) => ({ ...card, header: changeHeld(card.header, change) }));
				return { ...content, interactive: { ...interactive, action: { ...interactive.action, cards } } };
			}
			if (!('header' in interactive) || !interactive.header) return content;
			const header = changeHeld(interactive.header, change);
			// The header is of the same type as before.
			return { ...content, interactive: { ...interactive, header } as typeof interactive };
		}
		case 'template':
			return { ...content, components: content.components.map((component) => changeComponent(component, change)) };
		default:
			return content;
	}
}

type Change = (kind: MediaKind, file: HeaderFile) => HeaderFile;

function changeComponent(component: TemplateComponent, change: Change): TemplateComponent {
	if (component.type === 'carousel') {
		const cards = component.cards.map((card) => ({
			...card,
			components: card.components.map((inner) => changeComponent(inner, change))
		}));
		return { ...component, cards };
	}
	if (!component.parameters) return component;
	const parameters = component.parameters.map((held): TemplateParameter => changeHeld(held, change));
	return { ...component, parameters };
}

/** Something that holds a file under the name of its type, as headers and variables do. */
function changeHeld<T extends { type: string; image?: HeaderFile; video?: HeaderFile; document?: HeaderFile }>(
	held: T,
	change: Change
): T {
	const { type } = held;
	if (type !== 'image' && type !== 'video' && type !== 'document') return held;
	const file = held[type];
	return file ? { ...held, [type]: change(type, file) } : held;
}
