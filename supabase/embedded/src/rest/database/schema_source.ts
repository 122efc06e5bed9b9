import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CATALOGUE_SQL, type Catalogue } from '../cache/catalogue.ts';
import { buildSchemaCache, type SchemaCache } from '../cache/schema_cache.ts';

/** Before a lost connection is made anew. */
const RECONNECT_AFTER = 1_000;
/** Before a reading that met a change half-way is tried again. */
const REREAD_AFTER = 250;
const REREADS = 5;

/** Keeps the schema cache true: loads it, and again on each `notify pgrst`. */
export class SchemaSource {
	readonly #url: string;
	readonly #schemas: string[];
	readonly #onReload: () => void;
	readonly #log: (line: string) => void;
	#client: pg.Client | undefined;
	#cache: SchemaCache | undefined;
	#reloading: Promise<void> | undefined;
	#again = false;
	#closed = false;

	constructor(url: string, schemas: string[], onReload: () => void, log: (line: string) => void) {
		this.#url = url;
		this.#schemas = schemas;
		this.#onReload = onReload;
		this.#log = log;
	}

	async start(): Promise<void> {
		const client = new pg.Client({ connectionString: this.#url, application_name: 'rest-schema' });
		this.#client = client;
		client.on('error', () => {});
		client.on('end', () => this.#reconnect());
		client.on('notification', ({ payload }) => {
			if (!payload || payload === 'reload schema' || payload === 'reload config') void this.reload();
		});
		await client.connect();
		await client.query('listen pgrst');
		await this.#load();
	}

	get cache(): SchemaCache {
		if (!this.#cache) throw new Error('The schema cache is not loaded.');
		return this.#cache;
	}

	/** The reload under way, if there is one: what can't be found may be about to appear. */
	get reloading(): Promise<void> | undefined {
		return this.#reloading;
	}

	/** Reads the schema anew; calls during a reload share the next one. */
	reload(): Promise<void> {
		if (this.#reloading) {
			this.#again = true;
			return this.#reloading;
		}
		this.#reloading = (async () => {
			do {
				this.#again = false;
				await this.#loadPatiently();
			} while (this.#again);
			this.#reloading = undefined;
		})();
		return this.#reloading;
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#client?.end();
	}

	/** What is dropped while it is being read makes the reading fail; the next one will not meet it. */
	async #loadPatiently(): Promise<void> {
		for (let attempt = 1; !this.#closed; attempt++) {
			try {
				return await this.#load();
			} catch (error) {
				this.#log(`rest: the schema could not be read: ${error instanceof Error ? error.message : String(error)}`);
				if (attempt === REREADS) return; // the connection is gone: the next one loads
				await sleep(REREAD_AFTER);
			}
		}
	}

	async #load(): Promise<void> {
		const result = await this.#client?.query<{ catalogue: string }>(CATALOGUE_SQL, [this.#schemas]);
		const text = result?.rows[0]?.catalogue;
		if (text === undefined) return;
		this.#cache = buildSchemaCache(JSON.parse(text) as Catalogue);
		this.#onReload();
	}

	#reconnect(): void {
		if (this.#closed) return;
		setTimeout(() => {
			if (!this.#closed) this.start().catch(() => {}); // its `end` tries again
		}, RECONNECT_AFTER).unref();
	}
}
