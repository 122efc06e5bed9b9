import { error } from '@sveltejs/kit';
import type { Client } from '#lib/auth/client.ts';
import type { Workspace } from '#lib/database.ts';
import type { Member } from './context.ts';

/** The workspaces one belongs to, by name. Answers 503 when the database can't be asked. */
export async function myWorkspaces(supabase: Client): Promise<Workspace[]> {
	const { data, error: problem } = await supabase.rpc('my_workspaces');
	if (problem) error(503, { message: problem.message });
	return data.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Everyone in a workspace, by name; nobody where the person may not see the members. */
export async function membersOf(supabase: Client, tenantId: string): Promise<Member[]> {
	const { data } = await supabase
		.from('memberships')
		.select('user_id, display_name, role, role_id, deactivated_at, avatar')
		.eq('tenant_id', tenantId)
		.order('display_name');
	return data ?? [];
}

/** The teams someone belongs to in a workspace. */
export async function myTeams(supabase: Client, tenantId: string, userId: string): Promise<string[]> {
	const { data } = await supabase
		.from('team_members')
		.select('team_id')
		.eq('tenant_id', tenantId)
		.eq('user_id', userId);
	return (data ?? []).map(({ team_id }) => team_id);
}
