import { Attachment, type Prepared, type PutFile } from './attachment.svelte.ts';
import { Lent, type StoredFile } from './lent.svelte.ts';

/** Uploads at a time: the browser has six connections to a host, and the inbox needs some itself. */
const lanes = 2;

/** A file beside the text: one that is uploaded, or one that the company keeps. */
export type TrayFile = Attachment | Lent;

/** The files beside the text being written, one tray a conversation; they stay there while one looks elsewhere. */
export class Tray {
	#path: (id: string, name: string) => string;
	#put: PutFile;
	#items = $state.raw<TrayFile[]>([]);
	#running = 0;
	#waiting: (() => void)[] = [];

	constructor(path: (id: string, name: string) => string, put: PutFile) {
		this.#path = path;
		this.#put = (...args) => this.#inLane(() => put(...args));
	}

	get items(): TrayFile[] {
		return this.#items;
	}

	/** Nothing in it would be refused. */
	get sendable(): boolean {
		return this.#items.every(({ fault }) => fault === null);
	}

	/** Takes files in and begins to upload them, before anybody presses Enter. */
	add(files: Prepared[]) {
		const items = files.map((file) => new Attachment(file, this.#path, this.#put));
		this.#items = [...this.#items, ...items];
		for (const item of items) if (item.fault === null) void item.ready().catch(() => undefined);
	}

	/** Takes in files of a canned response, each once. */
	lend(files: readonly StoredFile[]) {
		const known = this.#items.map((item) => (item instanceof Lent ? item.stored.path : ''));
		const items = files.filter(({ path }) => !known.includes(path)).map((file) => new Lent(file));
		if (items.length > 0) this.#items = [...this.#items, ...items];
	}

	/** A file that goes out at once, such as a recording. */
	single(file: Prepared): Attachment {
		return new Attachment(file, this.#path, this.#put);
	}

	/** A file that an earlier page had not sent. */
	again({ id, prepared }: { id: string; prepared: Prepared }): Attachment {
		return new Attachment(prepared, this.#path, this.#put, id);
	}

	/** Sends a file as another kind than was guessed. */
	replace(item: Attachment, prepared: Prepared) {
		const next = new Attachment(prepared, this.#path, this.#put);
		next.caption = item.caption;
		this.#items = this.#items.map((other) => (other === item ? next : other));
		item.release();
		if (next.fault === null) void next.ready().catch(() => undefined);
	}

	remove(item: TrayFile) {
		this.#items = this.#items.filter((other) => other !== item);
		item.release();
	}

	/** Empties the tray; the files now belong to whoever takes them. */
	take(): TrayFile[] {
		const items = this.#items;
		this.#items = [];
		return items;
	}

	async #inLane(act: () => Promise<void>): Promise<void> {
		if (this.#running >= lanes) await new Promise<void>((go) => this.#waiting.push(go));
		this.#running++;
		try {
			await act();
		} finally {
			this.#running--;
			this.#waiting.shift()?.();
		}
	}
}
