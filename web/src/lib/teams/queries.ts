import type { Client } from '#lib/auth/client.ts';
import type { Database } from '#lib/database.ts';

type Tables = Database['public']['Tables'];

export type Team = Tables['teams']['Row'];
export type Skills = Tables['agent_skills']['Row'];
export type Tag = Pick<Tables['tags']['Row'], 'id' | 'name' | 'color'>;

/** A team's queue as the router sees it: public.team_queue. */
export interface Queue {
	waiting: { count: number; since: string | null };
	members: QueueMember[];
}

export interface QueueMember {
	user_id: string;
	load: number;
	capacity: number;
	/** Something comes to them by itself now, room aside. */
	is_available: boolean;
	/** 1: the next conversation is theirs. Null: nothing comes to them now. */
	next: number | null;
}

/** Every team by name, with its members; and where the channels' new conversations go. Throws what the database answers. */
export async function readTeams(client: Client, tenantId: string) {
	const [teams, members, channels] = await Promise.all([
		client.from('teams').select().eq('tenant_id', tenantId).order('name').throwOnError(),
		client.from('team_members').select('team_id, user_id').eq('tenant_id', tenantId).throwOnError(),
		client.from('channels').select('id, name, default_team_id').eq('tenant_id', tenantId).order('name').throwOnError()
	]);
	return { teams: teams.data, members: members.data, channels: channels.data };
}

/** One team with what is set about it; null where there is none. Throws what the database answers. */
export async function readTeam(client: Client, tenantId: string, teamId: string) {
	const [team, others, members, skills, tags] = await Promise.all([
		client.from('teams').select().eq('tenant_id', tenantId).eq('id', teamId).maybeSingle().throwOnError(),
		client.from('teams').select('id, name').eq('tenant_id', tenantId).neq('id', teamId).order('name').throwOnError(),
		client.from('team_members').select('user_id').eq('tenant_id', tenantId).eq('team_id', teamId).throwOnError(),
		client.from('agent_skills').select().eq('tenant_id', tenantId).throwOnError(),
		client.from('tags').select('id, name, color').eq('tenant_id', tenantId).order('name').throwOnError()
	]);
	if (!team.data) return null;
	return {
		team: team.data,
		others: others.data,
		memberIds: members.data.map(({ user_id }) => user_id),
		skills: skills.data,
		tags: tags.data
	};
}

/** Throws what the database refuses. */
export async function readQueue(client: Client, teamId: string): Promise<Queue> {
	const { data } = await client.rpc('team_queue', { team_id: teamId }).throwOnError();
	return data;
}
