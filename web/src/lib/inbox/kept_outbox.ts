import type { Prepared } from '../composer/files/attachment.svelte.ts';
import type { Keeper, Pending } from './outbox.svelte.ts';

/** A file larger than this is not kept: the browser's store is not ours alone. */
const mostBytes = 32 * 1024 * 1024;
const prefix = 'prosa-outbox:';

/** An unsent message as it lies in the browser's store. */
export interface Kept extends Omit<Pending, 'upload' | 'failed'> {
	tenantId: string;
	conversationId: string;
	/** Writing order over all conversations. */
	order: number;
	file: { id: string; prepared: Prepared } | null;
}

let last = 0;
/** Later than every one before it, also within one millisecond and after the clock was put back. */
const nextOrder = () => (last = Math.max(last + 1, Date.now() * 1_000));

/**
 * What a person has written and not sent, in this browser: it outlives a reload, a closed tab and a crash. One database
 * a person; all go when somebody signs out. A browser that refuses to keep anything loses nothing else.
 */
export class KeptOutbox {
	#name: string;
	#tenantId: string;
	#opening: Promise<IDBDatabase> | null = null;

	constructor(personId: string, tenantId: string) {
		this.#name = prefix + personId;
		this.#tenantId = tenantId;
	}

	/** What keeps the messages of one conversation. */
	keeperOf(conversationId: string): Keeper {
		return {
			keep: (pending) => void this.#keep(conversationId, pending).catch(() => undefined),
			drop: (clientId) => void this.#write((store) => store.delete(clientId)).catch(() => undefined)
		};
	}

	/** All that is kept of the workspace, in the order it was written. */
	async all(): Promise<Kept[]> {
		const database = await this.#open();
		const rows = await new Promise<Kept[]>((resolve, reject) => {
			const request = database.transaction('pending').objectStore('pending').getAll() as IDBRequest<Kept[]>;
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error ?? new Error('not read'));
		});
		return rows.filter(({ tenantId }) => tenantId === this.#tenantId).sort((a, b) => a.order - b.order);
	}

	async #keep(conversationId: string, { clientId, content, quoted, note, used, at, upload }: Pending) {
		const file = upload?.id && upload.prepared ? { id: upload.id, prepared: upload.prepared } : null;
		if (upload && !upload.stored && (file === null || file.prepared.file.size > mostBytes)) return;
		// Plain copies: what the screen holds may be a proxy, which can't be stored.
		const plain = JSON.parse(JSON.stringify({ content, quoted, note, used })) as Pick<
			Kept,
			'content' | 'quoted' | 'note' | 'used'
		>;
		const row: Kept = {
			...plain,
			clientId,
			at,
			file,
			tenantId: this.#tenantId,
			conversationId,
			order: nextOrder()
		};
		await this.#write((store) => store.put(row));
	}

	async #write(act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
		const database = await this.#open();
		await new Promise<void>((resolve, reject) => {
			const transaction = database.transaction('pending', 'readwrite');
			act(transaction.objectStore('pending'));
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error ?? new Error('not kept'));
		});
	}

	#open(): Promise<IDBDatabase> {
		this.#opening ??= new Promise<IDBDatabase>((resolve, reject) => {
			const request = indexedDB.open(this.#name, 1);
			request.onupgradeneeded = () => request.result.createObjectStore('pending', { keyPath: 'clientId' });
			request.onsuccess = () => {
				// Another window signs out: its deleting must not wait for this one.
				request.result.onversionchange = () => request.result.close();
				resolve(request.result);
			};
			request.onerror = () => reject(request.error ?? new Error('not opened'));
		});
		return this.#opening;
	}
}

/** Forgets whatever anybody has kept in this browser: they have signed out. */
export async function forgetKept(): Promise<void> {
	if (!('databases' in indexedDB)) return;
	for (const { name } of await indexedDB.databases()) if (name?.startsWith(prefix)) indexedDB.deleteDatabase(name);
}
