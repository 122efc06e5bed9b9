import type { Client } from '#lib/auth/client.ts';
import type { Database } from '../database.ts';
import type { InboxCounts } from './counts.svelte.ts';

export type SavedFilter = Database['public']['Tables']['saved_filters']['Row'];
export type Team = Pick<Database['public']['Tables']['teams']['Row'], 'id' | 'name'>;

export type Tag = Pick<Database['public']['Tables']['tags']['Row'], 'id' | 'name' | 'color'>;

/** What stands beside the list. */
export interface ViewsData {
	counts: InboxCounts | null;
	saved: SavedFilter[];
	teams: Team[];
	tags: Tag[];
	/** Conversations with a mention of oneself that is unread. */
	unreadMentions: string[];
}

/** How many conversations stand in each view, for the person who asks. Throws what the database answers. */
export async function inboxCounts(client: Client, tenantId: string): Promise<InboxCounts> {
	const { data } = await client.rpc('inbox_counts', { tenant_id: tenantId }).throwOnError();
	return data as unknown as InboxCounts;
}

/** The filters one has kept and those that are shared, in their order. */
export async function savedFilters(client: Client, tenantId: string): Promise<SavedFilter[]> {
	const { data } = await client
		.from('saved_filters')
		.select()
		.eq('tenant_id', tenantId)
		.order('position')
		.order('name')
		.throwOnError();
	return data;
}

/** The company's teams by name. */
export async function teamsOf(client: Client, tenantId: string): Promise<Team[]> {
	const { data } = await client.from('teams').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError();
	return data;
}

/** The company's tags in their order. */
export async function tagsOf(client: Client, tenantId: string): Promise<Tag[]> {
	const { data } = await client
		.from('tags')
		.select('id, name, color')
		.eq('tenant_id', tenantId)
		.order('position')
		.throwOnError();
	return data;
}

/** Where one was mentioned and has not read it yet. */
export async function unreadMentions(client: Client, tenantId: string): Promise<string[]> {
	const { data } = await client
		.from('mentions')
		.select('conversation_id')
		.eq('tenant_id', tenantId)
		.is('read_at', null)
		.limit(500)
		.throwOnError();
	return data.map(({ conversation_id }) => conversation_id);
}

/** Everything beside the list. What cannot be read is left empty: the list is worth showing without it. */
export async function viewsData(client: Client, tenantId: string, saving: Promise<SavedFilter[]>): Promise<ViewsData> {
	const [counts, saved, teams, tags, mentions] = await Promise.all([
		inboxCounts(client, tenantId).catch(() => null),
		saving,
		teamsOf(client, tenantId).catch(() => []),
		tagsOf(client, tenantId).catch(() => []),
		unreadMentions(client, tenantId).catch(() => [])
	]);
	return { counts, saved, teams, tags, unreadMentions: mentions };
}
