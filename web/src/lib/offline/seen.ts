import type { Message } from '../database.ts';
import type { InboxRow } from '../inbox/rows.ts';

/** One database a person and workspace: nothing in it is anybody else's. `static/offline.js` reads the same names. */
export const SEEN_PREFIX = 'prosa-seen:';
/** Whose database the page without a connection shows: that of whoever looked last. */
export const SEEN_POINTER = 'prosa-seen';
/** Threads that are kept, the newest. */
const MOST_THREADS = 30;

/** A row of the list in words: the page without a connection has no program to find them. */
export interface SeenRow {
	id: string;
	name: string;
	line: string;
	at: string;
	unread: number;
}

export interface SeenList {
	key: 'list';
	/** When it was seen to be so. */
	at: string;
	workspace: string;
	locale: string;
	rows: SeenRow[];
}

export interface SeenThread {
	id: string;
	at: string;
	name: string;
	lines: { out: boolean; note: boolean; author: string | null; text: string; at: string }[];
	row: InboxRow;
	messages: Message[];
}

/** What a person last saw of the inbox in this browser, for when there is no connection. A browser that keeps nothing loses nothing else. */
export class Seen {
	#name: string;
	#opening: Promise<IDBDatabase> | null = null;

	constructor(personId: string, tenantId: string) {
		this.#name = `${SEEN_PREFIX}${personId}:${tenantId}`;
	}

	/** Makes this the database that is shown, and throws away what others have seen in this browser. */
	async claim(workspace: string): Promise<void> {
		localStorage.setItem(SEEN_POINTER, JSON.stringify({ name: this.#name, workspace }));
		const person = this.#name.slice(0, this.#name.lastIndexOf(':') + 1);
		await forget((name) => !name.startsWith(person));
	}

	async keepList(list: SeenList): Promise<void> {
		await this.#write('list', (store) => store.put(plain(list)));
	}

	async keepThread(thread: SeenThread): Promise<void> {
		await this.#write('threads', (store) => {
			store.put(plain(thread));
			const keys = store.index('at').getAllKeys();
			keys.onsuccess = () => {
				for (const key of keys.result.slice(0, -MOST_THREADS)) store.delete(key);
			};
		});
	}

	async thread(id: string): Promise<SeenThread | null> {
		const database = await this.#open();
		return new Promise((resolve, reject) => {
			const request = database.transaction('threads').objectStore('threads').get(id) as IDBRequest<
				SeenThread | undefined
			>;
			request.onsuccess = () => resolve(request.result ?? null);
			request.onerror = () => reject(request.error ?? new Error('not read'));
		});
	}

	close() {
		void this.#opening?.then((database) => database.close()).catch(() => undefined);
		this.#opening = null;
	}

	async #write(name: 'list' | 'threads', act: (store: IDBObjectStore) => void): Promise<void> {
		const database = await this.#open();
		await new Promise<void>((resolve, reject) => {
			const transaction = database.transaction(name, 'readwrite');
			act(transaction.objectStore(name));
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error ?? new Error('not kept'));
		});
	}

	#open(): Promise<IDBDatabase> {
		this.#opening ??= new Promise<IDBDatabase>((resolve, reject) => {
			const request = indexedDB.open(this.#name, 1);
			request.onupgradeneeded = () => {
				request.result.createObjectStore('list', { keyPath: 'key' });
				request.result.createObjectStore('threads', { keyPath: 'id' }).createIndex('at', 'at');
			};
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

/** Plain copies: what the screen holds may be a proxy, which can't be stored. */
const plain = <T>(value: T) => JSON.parse(JSON.stringify(value)) as T;

/** Forgets whatever anybody has seen in this browser: nobody is signed in. */
export async function forgetSeen(): Promise<void> {
	localStorage.removeItem(SEEN_POINTER);
	await forget(() => true);
}

async function forget(which: (name: string) => boolean): Promise<void> {
	if (!('databases' in indexedDB)) return;
	for (const { name } of await indexedDB.databases())
		if (name?.startsWith(SEEN_PREFIX) && which(name)) indexedDB.deleteDatabase(name);
}
