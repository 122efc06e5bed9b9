import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { codeOf } from '../errors/code.ts';
import { compareInstants, later } from '../time/instant.ts';
import { KeptList } from './kept_list.ts';
import { missing, newestRows, type Reach } from './list.ts';
import type { InboxRow } from './rows.ts';
import type { Cursor } from './sorts.ts';
import { everything, filterKey, isTimedFilter, type Filter } from './views.ts';

/** Where rows come from; the database in the browser, an array in a test. */
export interface ListSource {
	page(filter: Filter, after: Cursor | null): Promise<InboxRow[]>;
	changes(since: string): Promise<InboxRow[]>;
	byId(ids: string[]): Promise<InboxRow[]>;
}

export type Change = { type: 'upsert'; rows: InboxRow[] } | { type: 'left'; id: string };

interface Pages extends Reach {
	loading: boolean;
	error: string | null;
}

const nothing: Pages = { end: null, complete: false, loading: false, error: null };

/** The inbox list: pages of the database kept current by Realtime, the newest row of each conversation winning. */
export class Conversations {
	#source: ListSource;
	#me: string;
	#pageSize: number;
	/** Sees every conversation of the workspace, so that none can leave its sight. */
	#seesAll: boolean;
	/** Single rows, for whoever looks at one. */
	#byId = new SvelteMap<string, InboxRow>();
	#kept = new KeptList();
	/** Another with each change: who looks at the list follows this, not each of its rows. */
	#changes = $state.raw({});
	#pages = new SvelteMap<string, Pages>();
	/** Up to here everything is known. */
	#cursor: string | null = null;
	/** The newest change known. */
	#newest: string | null = null;
	/** How often something may have been missed; the cursor moves while it is as it was at the last catching up. */
	#breaks = 0;
	#mended = 0;

	filter = $state.raw<Filter>(everything);
	/** The conversations that someone mentioned the person in. */
	mentioned = $state.raw<ReadonlySet<string>>(new SvelteSet());
	/** What "now" is to filters that ask how long something took. */
	#now = $state(Date.now());

	readonly #here = $derived(this.#pages.get(filterKey(this.filter)) ?? nothing);
	readonly list = $derived.by(() => {
		const looker = { me: this.#me, mentioned: this.mentioned, now: this.#now };
		void this.#changes;
		return this.#kept.shown(this.filter, looker, this.#here);
	});
	readonly loading = $derived(this.#here.loading);
	readonly error = $derived(this.#here.error);
	readonly complete = $derived(this.#here.complete);
	/** Nothing of the filter was ever loaded: the list is unknown, not empty. */
	readonly pristine = $derived(this.#here.end === null && !this.#here.complete);

	constructor(source: ListSource, options: { me: string; seesAll: boolean; pageSize: number }) {
		this.#source = source;
		this.#me = options.me;
		this.#seesAll = options.seesAll;
		this.#pageSize = options.pageSize;
	}

	get(id: string): InboxRow | undefined {
		return this.#byId.get(id);
	}

	/** Takes a page that was loaded elsewhere, as the server does for the first paint. */
	seed(filter: Filter, rows: InboxRow[]) {
		this.filter = filter;
		if (filter.view === 'mentions') this.mentioned = new SvelteSet(rows.map(({ id }) => id));
		this.#take(filter, rows);
	}

	/** Asks again for the first page of what is on the screen. */
	async renew(): Promise<void> {
		if (!this.pristine) this.apply({ type: 'upsert', rows: await this.#source.page(this.filter, null) });
	}

	/** Time has passed: asks again where a filter's rows change by that alone. */
	async tick(): Promise<void> {
		if (!isTimedFilter(this.filter)) return;
		this.#now = Date.now();
		await this.renew();
	}

	/** Loads the next page of the current filter, once at a time. */
	async more(): Promise<void> {
		const { filter } = this;
		const key = filterKey(filter);
		const pages = this.#pages.get(key) ?? nothing;
		if (pages.loading || pages.complete) return;
		this.#pages.set(key, { ...pages, loading: true, error: null });
		try {
			this.#take(filter, await this.#source.page(filter, pages.end));
		} catch (problem) {
			this.#pages.set(key, { ...pages, loading: false, error: codeOf(problem) });
		}
	}

	/** Realtime may deliver a change twice, late or not at all: the newest row wins, and `catchUp` brings the rest. */
	apply(change: Change) {
		if (change.type === 'left') {
			this.#byId.delete(change.id);
			this.#kept.delete(change.id);
			this.#changes = {};
			return;
		}
		const newer = newestRows(this.#kept.rows, change.rows);
		for (const row of newer) {
			this.#put(row);
			this.#newest = later(this.#newest, row.updated_at);
		}
		if (newer.length > 0) this.#changes = {};
		if (this.#breaks === this.#mended) this.#cursor = this.#newest;
	}

	/** What is told may be missed from now on: what is known newer than this comes from elsewhere, and hides a hole. */
	broken() {
		this.#breaks++;
	}

	/** What an action answered: the conversation's own columns, without contact and channel. */
	patch(row: Omit<InboxRow, 'contact' | 'channel'>) {
		const known = this.#kept.get(row.id);
		if (known) this.apply({ type: 'upsert', rows: [{ ...known, ...row }] });
	}

	/** What an edit of a person answered: shown in all their conversations, also in closed ones, which nobody tells of. */
	patchContact(contact: InboxRow['contact']) {
		for (const row of [...this.#kept.rows.values()]) {
			if (row.contact.id !== contact.id || compareInstants(contact.updated_at, row.contact.updated_at) <= 0) continue;
			const { id, name, username, phone, language, attributes, updated_at } = contact;
			this.#put({ ...row, contact: { id, name, username, phone, language, attributes, updated_at } });
		}
		this.#changes = {};
	}

	/** Asks again about rows that may no longer be ours to see. */
	async recheck(ids: string[]): Promise<void> {
		const before = ids.map((id) => this.#kept.get(id));
		const rows = await this.#source.byId(ids);
		this.apply({ type: 'upsert', rows });
		for (const id of missing(ids, rows)) {
			// One that was told of meanwhile came to us after the answer was made.
			if (this.#kept.get(id) === before[ids.indexOf(id)]) this.apply({ type: 'left', id });
		}
	}

	/** After a join or a break: everything that changed since all was known. Throws what the database answers. */
	async catchUp(): Promise<void> {
		const breaks = this.#breaks;
		if (this.#cursor === null) {
			if (!this.pristine) await this.#reload();
		} else {
			this.apply({ type: 'upsert', rows: await this.#source.changes(this.#cursor) });
			if (!this.#seesAll) await this.recheck([...this.#kept.rows.keys()]);
		}
		this.#mended = breaks;
		if (breaks === this.#breaks) this.#cursor = this.#newest;
	}

	/** An empty list has no cursor to go by. */
	async #reload() {
		this.#pages.delete(filterKey(this.filter));
		await this.more();
	}

	#put(row: InboxRow) {
		this.#byId.set(row.id, row);
		this.#kept.set(row);
	}

	#take(filter: Filter, rows: InboxRow[]) {
		this.apply({ type: 'upsert', rows });
		const key = filterKey(filter);
		const end = rows.at(-1) ?? this.#pages.get(key)?.end ?? null;
		this.#pages.set(key, {
			end,
			complete: rows.length < this.#pageSize,
			loading: false,
			error: null
		});
	}
}
