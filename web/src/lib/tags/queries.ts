import type { TagColor } from '@prosa/core/tags/colors.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Database } from '../database.ts';

export type Tag = Database['public']['Tables']['tags']['Row'];

/** How much hangs on a tag. */
export interface Usage {
	conversations: number;
	contacts: number;
}

/** The workspace's tags in its order. */
export async function listTags(client: Client, tenantId: string): Promise<Tag[]> {
	const { data } = await client
		.from('tags')
		.select('*')
		.eq('tenant_id', tenantId)
		.order('position')
		.order('name')
		.throwOnError();
	return data;
}

/** How many conversations and contacts carry each tag, by its id. */
export async function tagUsage(client: Client, tenantId: string): Promise<Map<string, Usage>> {
	const { data } = await client.rpc('tag_usage', { tenant_id: tenantId }).throwOnError();
	return new Map(data.map(({ tag_id, conversations, contacts }) => [tag_id, { conversations, contacts }]));
}

/** Makes a tag, or changes the one with this id. */
export async function saveTag(
	client: Client,
	tenantId: string,
	tag: { id: string | null; name: string; color: TagColor }
): Promise<Tag> {
	const args = { tenant_id: tenantId, tag_id: tag.id, name: tag.name, color: tag.color };
	const { data } = await client.rpc('save_tag', args).throwOnError();
	return data;
}

/** Takes a tag away; with `intoId`, what carries it carries that one from now on. */
export async function deleteTag(client: Client, tenantId: string, id: string, intoId: string | null): Promise<void> {
	await client.rpc('delete_tag', { tenant_id: tenantId, tag_id: id, into_id: intoId }).throwOnError();
}

/** Puts tags in this order. */
export async function orderTags(client: Client, tenantId: string, ids: string[]): Promise<Tag[]> {
	const { data } = await client.rpc('order_tags', { tenant_id: tenantId, tag_ids: ids }).throwOnError();
	return data;
}
