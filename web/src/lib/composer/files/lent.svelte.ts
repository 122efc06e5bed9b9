import type { MediaKind } from '@prosa/core/whatsapp/content.ts';
import type { Upload } from '../../inbox/outbox.svelte.ts';
import type { OutgoingContent } from '../content.ts';
import { captioned } from './attachment.svelte.ts';

/** A file that lies in Storage already, as the database knows it. */
export interface StoredFile {
	kind: MediaKind;
	path: string;
	mime_type: string;
	size: number;
	filename: string;
}

/** A file of a canned response on its way out: it is in Storage, so nothing of it is uploaded, and nothing can fail. */
export class Lent implements Upload {
	readonly id = crypto.randomUUID();
	readonly stored: StoredFile;
	readonly preview = null;
	readonly progress = 1;
	readonly fault = null;
	readonly failure = null;

	caption = $state('');

	constructor(stored: StoredFile) {
		this.stored = stored;
	}

	get name(): string {
		return this.stored.filename;
	}

	get kind(): MediaKind {
		return this.stored.kind;
	}

	get size(): number {
		return this.stored.size;
	}

	get takesCaption(): boolean {
		return captioned.includes(this.kind);
	}

	contentWith(caption: string): OutgoingContent {
		return { ...this.stored, ...(this.takesCaption && caption !== '' ? { caption } : {}) };
	}

	ready(): Promise<void> {
		return Promise.resolve();
	}

	release() {}
}
