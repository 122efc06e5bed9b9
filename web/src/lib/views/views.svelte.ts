import { SvelteSet } from 'svelte/reactivity';
import type { Conditions } from '@prosa/core/conditions/conditions.ts';
import type { Session } from '../auth/session.svelte.ts';
import type { Json } from '@prosa/core/database.types.ts';
import type { Viewer } from '../inbox/sight.ts';
import type { Sort } from '../inbox/sorts.ts';
import { followTable } from '../realtime/table.ts';
import { Counts } from './counts.svelte.ts';
import {
	inboxCounts,
	savedFilters,
	tagsOf,
	teamsOf,
	unreadMentions,
	type SavedFilter,
	type Tag,
	type Team,
	type ViewsData
} from './queries.ts';

/** What is kept of a filter. */
export interface Draft {
	name: string;
	conditions: Conditions;
	sort: Sort;
	is_shared: boolean;
	position?: number;
}

/** The views beside the list: their counts, the teams, and the filters that were kept. */
export class Views {
	readonly counts: Counts;
	#session: Session;
	#tenantId: string;
	saved = $state.raw<SavedFilter[]>([]);
	teams = $state.raw<Team[]>([]);
	tags = $state.raw<Tag[]>([]);
	/** Conversations with a mention of oneself that is unread. */
	unreadMentions = $state.raw<ReadonlySet<string>>(new SvelteSet());

	readonly own = $derived(this.saved.filter(({ is_shared }) => !is_shared));
	readonly shared = $derived(this.saved.filter(({ is_shared }) => is_shared));

	constructor(session: Session, tenantId: string, viewer: Viewer) {
		this.#session = session;
		this.#tenantId = tenantId;
		this.counts = new Counts(() => inboxCounts(session.client, tenantId), viewer);
	}

	/** Takes what was loaded elsewhere, as the server does for the first paint. */
	seed({ counts, saved, teams, tags, unreadMentions: mentions }: ViewsData) {
		if (counts) this.counts.seed(counts);
		this.saved = saved;
		this.teams = teams;
		this.tags = tags;
		this.unreadMentions = new SvelteSet(mentions);
	}

	/** Keeps filters current, and tells of mentions. Returns what ends it. */
	start(onmention: () => void): () => void {
		const { client } = this.#session;
		const endings = [
			followTable(client, 'saved_filters', this.#tenantId, () =>
				this.#read(async () => (this.saved = await savedFilters(client, this.#tenantId)))
			),
			followTable(client, 'teams', this.#tenantId, () =>
				this.#read(async () => (this.teams = await teamsOf(client, this.#tenantId)))
			),
			followTable(client, 'tags', this.#tenantId, () =>
				this.#read(async () => (this.tags = await tagsOf(client, this.#tenantId)))
			),
			followTable(client, 'mentions', this.#tenantId, () => {
				this.counts.refresh();
				this.#read(async () => (this.unreadMentions = new SvelteSet(await unreadMentions(client, this.#tenantId))));
				onmention();
			})
		];
		return () => {
			this.counts.stop();
			for (const end of endings) end();
		};
	}

	/** Keeps a filter, as a new one or in place of the one with this id. Throws what the database refuses. */
	async save(id: string | null, draft: Draft): Promise<SavedFilter> {
		const { data } = await this.#session.client
			.rpc('save_filter', {
				tenant_id: this.#tenantId,
				filter_id: id as string,
				filter: draft as unknown as Json
			})
			.throwOnError();
		this.saved = inOrder([...this.saved.filter((one) => one.id !== data.id), data]);
		return data;
	}

	async remove(id: string): Promise<void> {
		await this.#session.client.rpc('delete_filter', { filter_id: id }).throwOnError();
		this.saved = this.saved.filter((one) => one.id !== id);
	}

	/** Puts filters of one section in this order, on the screen at once. */
	async order(ids: string[]): Promise<void> {
		const before = this.saved;
		this.saved = inOrder(
			before.map((one) => ({ ...one, position: ids.includes(one.id) ? ids.indexOf(one.id) + 1 : one.position }))
		);
		try {
			await this.#session.client.rpc('order_filters', { filter_ids: ids }).throwOnError();
		} catch (problem) {
			this.saved = before;
			throw problem;
		}
	}

	/** Where the database is not reached, the next change or join asks again. */
	#read(read: () => Promise<unknown>) {
		void read().catch(() => undefined);
	}
}

const inOrder = (filters: SavedFilter[]) =>
	filters.toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name));
