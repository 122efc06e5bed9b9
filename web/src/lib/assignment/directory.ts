import type { Client } from '#lib/auth/client.ts';
import type { Member } from '#lib/workspace/context.ts';

/** Who conversations can be given to: people with how many they have open, and teams with their members. */
export interface Directory {
	people: { member: Member; load: number }[];
	teams: { id: string; name: string; memberIds: string[] }[];
}

/** Asks anew each time it is opened: a load of a minute ago helps nobody. Throws what the database answers. */
export async function readDirectory(client: Client, tenantId: string, members: Member[]): Promise<Directory> {
	const [{ data: loads }, { data: teams }, { data: belonging }] = await Promise.all([
		client.rpc('agent_loads', { tenant_id: tenantId }).throwOnError(),
		client.from('teams').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.from('team_members').select('team_id, user_id').eq('tenant_id', tenantId).throwOnError()
	]);
	const loadOf = new Map(loads.map(({ user_id, load }) => [user_id, load]));
	return {
		people: members.flatMap((member) => {
			const load = loadOf.get(member.user_id);
			return load === undefined ? [] : [{ member, load }];
		}),
		teams: teams.map(({ id, name }) => ({
			id,
			name,
			memberIds: belonging.filter(({ team_id }) => team_id === id).map(({ user_id }) => user_id)
		}))
	};
}
