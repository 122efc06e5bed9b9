import type { Client } from '#lib/auth/client.ts';
import type { Channel } from '#lib/database.ts';

/** The channels of a workspace, by name. Throws what the database refuses. */
export async function listChannels(client: Client, tenantId: string): Promise<Channel[]> {
	const { data, error } = await client.from('channels').select().eq('tenant_id', tenantId).order('name').order('id');
	if (error) throw error;
	return data;
}
