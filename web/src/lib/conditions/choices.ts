import type { Client } from '#lib/auth/client.ts';
import type { Database } from '../database.ts';

type Rows = Database['public']['Tables'];

/** What rules can name: the company's channels, teams, tags and attributes, and who answers. */
export interface Choices {
	channels: Pick<Rows['channels']['Row'], 'id' | 'name'>[];
	teams: Pick<Rows['teams']['Row'], 'id' | 'name'>[];
	tags: Pick<Rows['tags']['Row'], 'id' | 'name' | 'color'>[];
	attributes: Pick<Rows['attribute_definitions']['Row'], 'subject' | 'key' | 'label' | 'type' | 'options'>[];
	members: { user_id: string; display_name: string }[];
}

/** Reads what rules can name. Throws what the database answers. */
export async function loadChoices(client: Client, tenantId: string, members: Choices['members']): Promise<Choices> {
	const [channels, teams, tags, attributes] = await Promise.all([
		client.from('channels').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.from('teams').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.from('tags').select('id, name, color').eq('tenant_id', tenantId).order('position').throwOnError(),
		client
			.from('attribute_definitions')
			.select('subject, key, label, type, options')
			.eq('tenant_id', tenantId)
			.order('position')
			.throwOnError()
	]);
	return { channels: channels.data, teams: teams.data, tags: tags.data, attributes: attributes.data, members };
}
