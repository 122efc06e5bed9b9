import { TAG_COLORS, type TagColor } from '@prosa/core/tags/colors.ts';
import { getContext, setContext } from 'svelte';
import type { Session } from '../auth/session.svelte.ts';
import { followTable } from '../realtime/table.ts';
import { listTags, type Tag } from './queries.ts';

/** The workspace's tags, kept current from when somebody first asks for them. */
export class Tags {
	#session: Session;
	#tenantId: string;
	#rows = $state.raw<Tag[] | null>(null);
	#loading = false;

	readonly all = $derived(this.#rows ?? []);

	constructor(session: Session, tenantId: string) {
		this.#session = session;
		this.#tenantId = tenantId;
	}

	/** Follows the tags of the workspace. Returns what ends it. */
	start(): () => void {
		return followTable(this.#session.client, 'tags', this.#tenantId, () => void this.refresh());
	}

	/** Reads them anew; what is shown stays where that fails. */
	async refresh(): Promise<void> {
		if (this.#loading) return;
		this.#loading = true;
		try {
			this.#rows = await listTags(this.#session.client, this.#tenantId);
		} catch {
			// The next join asks again.
		} finally {
			this.#loading = false;
		}
	}

	get(id: string): Tag | undefined {
		return this.all.find((tag) => tag.id === id);
	}

	/** Takes a tag as the database answered it, before Realtime tells of it. */
	put(tag: Tag) {
		const others = this.all.filter(({ id }) => id !== tag.id);
		this.#rows = [...others, tag].sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
	}

	/** Those of a conversation or contact, in the workspace's order; what is gone is left out. */
	of(ids: readonly string[]): Tag[] {
		return ids.length === 0 ? [] : this.all.filter(({ id }) => ids.includes(id));
	}
}

/** The colour of a tag as a CSS value; one that this version doesn't know is grey. */
export function colorOf(color: string): string {
	return `var(--color-tag-${TAG_COLORS.includes(color as TagColor) ? color : 'gray'})`;
}

const key = Symbol('tags');
export const setTags = (tags: Tags) => setContext(key, tags);
export const getTags = () => getContext<Tags>(key);
