import type { Client } from '#lib/auth/client.ts';
import type { Membership, Row } from '../database.ts';
import type { OwnRole } from './roles.ts';

export type Invitation = Row<'invitations'>;
export type Team = Pick<Row<'teams'>, 'id' | 'name'>;

/** One line of the members' page. What only their manager sees is null to everybody else. */
export interface Colleague extends Pick<
	Membership,
	'user_id' | 'display_name' | 'role' | 'role_id' | 'deactivated_at' | 'created_at'
> {
	teams: string[];
	known: { email: string; last_seen_at: string | null; has_mfa: boolean; open_conversations: number } | null;
}

export interface People {
	members: Colleague[];
	invitations: Invitation[];
	roles: OwnRole[];
	teams: Team[];
}

/** Everybody of a company, who is invited, and what they can be given. Throws when the database can't be asked. */
export async function readPeople(client: Client, tenantId: string, manages: boolean): Promise<People> {
	const [members, known, teams, teamMembers, roles, invitations] = await Promise.all([
		client
			.from('memberships')
			.select('user_id, display_name, role, role_id, deactivated_at, created_at')
			.eq('tenant_id', tenantId)
			.order('display_name')
			.throwOnError(),
		manages ? client.rpc('list_members', { tenant_id: tenantId }).throwOnError() : null,
		client.from('teams').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.from('team_members').select('team_id, user_id').eq('tenant_id', tenantId).throwOnError(),
		readRoles(client, tenantId),
		manages
			? client
					.from('invitations')
					.select()
					.eq('tenant_id', tenantId)
					.is('closed_at', null)
					.order('created_at', { ascending: false })
					.throwOnError()
			: null
	]);
	const facts = new Map(known?.data.map((row) => [row.user_id, row]));
	return {
		members: members.data.map((member) => ({
			...member,
			teams: teams.data
				.filter(({ id }) =>
					teamMembers.data.some(({ team_id, user_id }) => team_id === id && user_id === member.user_id)
				)
				.map(({ name }) => name),
			known: facts.get(member.user_id) ?? null
		})),
		invitations: invitations?.data ?? [],
		roles,
		teams: teams.data
	};
}

/** The company's own roles, by name. */
export async function readRoles(client: Client, tenantId: string): Promise<OwnRole[]> {
	const { data } = await client
		.from('roles')
		.select('id, name, description, permissions')
		.eq('tenant_id', tenantId)
		.order('name')
		.throwOnError();
	return data;
}

/** The addresses in a pasted text, each once: separated by commas, semicolons, spaces or lines, with or without names. */
export function addressesIn(text: string): string[] {
	const found = text
		.split(/[\s,;<>"']+/)
		.map((part) => part.trim().toLowerCase())
		.filter((part) => part.includes('@'));
	return [...new Set(found)];
}
