import type { Fault } from '@prosa/core/whatsapp/outgoing/faults.ts';
import type { MediaKind } from '@prosa/core/whatsapp/content.ts';
import { failureOf, type Failure } from '../../errors/failure.ts';
import type { Upload } from '../../inbox/outbox.svelte.ts';
import type { OutgoingContent } from '../content.ts';

/** Puts a file at a path of the bucket. Rejects with what `failureOf` understands. */
export type PutFile = (
	path: string,
	file: Blob,
	type: string,
	options: { onprogress: (part: number) => void; signal: AbortSignal }
) => Promise<void>;

/** A file as it will be sent. */
export interface Prepared {
	file: Blob;
	name: string;
	kind: MediaKind;
	/** As Meta calls it. */
	type: string;
	voice?: boolean;
	animated?: boolean;
	/** Why WhatsApp would refuse it: it is never uploaded. */
	fault: Fault | null;
}

/** Kinds that have words under them. */
export const captioned: readonly MediaKind[] = ['image', 'video', 'document'];

/** One file on its way out: first beside the text that is being written, then in the queue of what was sent. */
export class Attachment implements Upload {
	readonly id: string;
	readonly name: string;
	readonly prepared: Prepared;
	readonly preview: string | null;

	caption = $state('');
	progress = $state(0);
	failure = $state.raw<Failure | null>(null);

	#path: string;
	#put: PutFile;
	#going: Promise<void> | null = null;
	#stored = false;
	#abort = new AbortController();

	/** `id`: that of one kept from an earlier page, so that it goes to the same place. */
	constructor(
		prepared: Prepared,
		path: (id: string, name: string) => string,
		put: PutFile,
		id: string = crypto.randomUUID()
	) {
		this.id = id;
		this.prepared = prepared;
		this.name = prepared.name;
		this.#path = path(this.id, prepared.name);
		this.#put = put;
		const seen = prepared.kind !== 'document' && prepared.fault === null;
		this.preview = seen ? URL.createObjectURL(prepared.file) : null;
	}

	get kind(): MediaKind {
		return this.prepared.kind;
	}

	get fault(): Fault | null {
		return this.prepared.fault;
	}

	get size(): number {
		return this.prepared.file.size;
	}

	get takesCaption(): boolean {
		return captioned.includes(this.kind);
	}

	/** What is sent, as it will be when the file is there. */
	contentWith(caption: string): OutgoingContent {
		const { kind, type, file, name, voice, animated } = this.prepared;
		return {
			kind,
			path: this.#path,
			mime_type: type,
			size: file.size,
			filename: name,
			...(this.takesCaption && caption !== '' ? { caption } : {}),
			...(voice ? { voice } : {}),
			...(kind === 'sticker' ? { animated: animated ?? false } : {})
		};
	}

	/** Resolves when the file is in Storage; begins, or begins again, where nothing is under way. */
	ready(): Promise<void> {
		if (this.#stored) return Promise.resolve();
		this.#going ??= this.#upload().finally(() => (this.#going = null));
		return this.#going;
	}

	release() {
		this.#abort.abort();
		if (this.preview) URL.revokeObjectURL(this.preview);
	}

	async #upload() {
		this.failure = null;
		this.progress = 0;
		try {
			const onprogress = (part: number) => (this.progress = part);
			await this.#put(this.#path, this.prepared.file, this.prepared.type, { onprogress, signal: this.#abort.signal });
			this.#stored = true;
			this.progress = 1;
		} catch (problem) {
			this.failure = failureOf(problem);
			throw problem;
		}
	}
}
