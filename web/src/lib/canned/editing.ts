import type { Json } from '@prosa/core/database.types.ts';
import { faultOf } from '@prosa/core/canned/template.ts';
import { fold } from '@prosa/core/text/fold.ts';
import { Lent, type StoredFile } from '#lib/composer/files/lent.svelte.ts';
import type { TrayFile } from '#lib/composer/files/tray.svelte.ts';
import type { CannedResponse, Scope } from './rows.ts';

/** A text as it is edited. */
export interface EditedVariant {
	channel_type: string | null;
	weight: number;
	text: string;
}

/** A canned response as it is edited. */
export interface Edited {
	id: string;
	shortcut: string;
	title: string;
	category: string;
	scope: Scope;
	team_id: string | null;
	language: string | null;
	variants: EditedVariant[];
	files: StoredFile[];
}

export function newResponse(scope: Scope): Edited {
	return {
		id: crypto.randomUUID(),
		shortcut: '',
		title: '',
		category: '',
		scope,
		team_id: null,
		language: null,
		variants: [{ channel_type: null, weight: 1, text: '' }],
		files: []
	};
}

export function editedOf({
	id,
	shortcut,
	title,
	category,
	scope,
	team_id,
	language,
	variants,
	files
}: CannedResponse): Edited {
	return {
		id,
		shortcut,
		title,
		category,
		scope,
		team_id,
		language,
		variants: variants.map(({ channel_type, weight, text }) => ({ channel_type, weight, text })),
		files
	};
}

/** A shortcut as it may be: small letters, figures and dashes. */
export const shortcutOf = (text: string): string =>
	fold(text)
		.replace(/[^a-z0-9_-]+/g, '-')
		.replace(/^[-_]+/, '')
		.slice(0, 32);

/** So many go with one. */
export const mostFiles = 5;

/** Whether it can be kept as it is. */
export function isWhole({ shortcut, title, variants }: Edited): boolean {
	return (
		/^[a-z0-9][a-z0-9_-]{0,31}$/.test(shortcut) &&
		title.trim() !== '' &&
		variants.length > 0 &&
		variants.every(({ text }) => text.trim() !== '' && text.length <= 4096 && faultOf(text) === null)
	);
}

/** A file of the editor's tray, once it lies in Storage. */
export function storedOf(file: TrayFile): StoredFile {
	if (file instanceof Lent) return file.stored;
	const { kind, path } = file.contentWith('') as { kind: StoredFile['kind']; path: string };
	return { kind, path, mime_type: file.prepared.type, size: file.size, filename: file.name };
}

/** What the database is given. */
export const payloadOf = ({ id: _id, ...response }: Edited): Json => response as unknown as Json;
