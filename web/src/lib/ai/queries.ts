import { AgentConfig } from '@prosa/core/ai/agent.ts';
import type { Json } from '@prosa/core/database.types.ts';
import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';
import type { Row } from '#lib/database.ts';

export type AgentRow = Row<'ai_agents'>;
export type VersionRow = Pick<Row<'ai_agent_versions'>, 'id' | 'number' | 'note' | 'published_by' | 'created_at'>;

/** Whether AI works here; money in billionths of a dollar. */
export const Status = z.object({
	on: z.boolean(),
	reason: z.enum(['ai_off', 'ai_disabled']).nullable(),
	own_key: z.boolean(),
	last_four: z.string().nullable(),
	key_since: z.string().nullable(),
	host: z.string().nullable(),
	spent_today: z.number(),
	spent_month: z.number()
});
export type Status = z.infer<typeof Status>;

export async function statusOf(client: Client, tenantId: string): Promise<Status> {
	const { data } = await client.rpc('ai_status', { tenant_id: tenantId }).throwOnError();
	return Status.parse(data);
}

interface Named {
	id: string;
	name: string;
}

/** An agent as the list shows it. */
export interface Listed extends Pick<
	AgentRow,
	'id' | 'name' | 'published_version_id' | 'channel_ids' | 'team_ids' | 'updated_at'
> {
	published: number | null;
	/** The newest version: what switching on takes. */
	newest: string | null;
	turns_today: number;
	handed_over_today: number;
	spent_month: number;
}

/** What agents answer and hand over to, by name. */
export interface Around {
	teams: Named[];
	channels: Named[];
	/** Integrations that tools may need. */
	modules: { id: string; module: string; name: string; enabled: boolean }[];
}

export async function aroundOf(client: Client, tenantId: string): Promise<Around> {
	const [teams, channels, modules] = await Promise.all([
		client
			.from('teams')
			.select('id, name')
			.eq('tenant_id', tenantId)
			.is('archived_at', null)
			.order('name')
			.throwOnError(),
		client.from('channels').select('id, name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.rpc('modules_for_ai', { tenant_id: tenantId }).throwOnError()
	]);
	return { teams: teams.data, channels: channels.data, modules: modules.data };
}

/** Every agent by name. Throws what the database answers. */
export async function agentsOf(client: Client, tenantId: string): Promise<Listed[]> {
	const [agents, versions, figures] = await Promise.all([
		client
			.from('ai_agents')
			.select('id, name, published_version_id, channel_ids, team_ids, updated_at')
			.eq('tenant_id', tenantId)
			.order('name')
			.throwOnError(),
		client
			.from('ai_agent_versions')
			.select('id, agent_id, number')
			.eq('tenant_id', tenantId)
			.order('number', { ascending: false })
			.throwOnError(),
		client.rpc('ai_agent_figures', { tenant_id: tenantId }).throwOnError()
	]);
	return agents.data.map((agent) => {
		const figure = figures.data.find(({ agent_id }) => agent_id === agent.id);
		return {
			...agent,
			published: versions.data.find(({ id }) => id === agent.published_version_id)?.number ?? null,
			newest: versions.data.find(({ agent_id }) => agent_id === agent.id)?.id ?? null,
			turns_today: figure?.turns_today ?? 0,
			handed_over_today: figure?.handed_over_today ?? 0,
			spent_month: figure?.spent_month ?? 0
		};
	});
}

/** A draft as the form takes it; what it lacks has its default, what can't be read is left out. */
export function configOf(draft: Json, name: string): AgentConfig {
	const read = AgentConfig.safeParse(draft);
	if (read.success) return read.data;
	const given = typeof draft === 'object' && draft !== null && !Array.isArray(draft) ? draft : {};
	const model = typeof given['model'] === 'string' ? given['model'] : 'prosa-simulator';
	return AgentConfig.parse({ name: name || 'IA', model });
}

/** Null: there is none. Throws what the database answers. */
export async function openAgent(client: Client, tenantId: string, id: string) {
	const [row, versions, around, status, cases, runs] = await Promise.all([
		client.from('ai_agents').select().eq('tenant_id', tenantId).eq('id', id).maybeSingle().throwOnError(),
		versionsOf(client, id),
		aroundOf(client, tenantId),
		statusOf(client, tenantId),
		client
			.from('ai_evaluation_cases')
			.select('id', { count: 'exact', head: true })
			.eq('tenant_id', tenantId)
			.eq('agent_id', id),
		client
			.from('ai_evaluation_runs')
			.select('revision, status, passed, total')
			.eq('tenant_id', tenantId)
			.eq('agent_id', id)
			.order('created_at', { ascending: false })
			.limit(40)
	]);
	const evaluated = { cases: cases.count ?? 0, runs: runs.data ?? [] };
	return row.data && { row: row.data, versions, around, status, evaluated };
}

/** Newest first. */
export async function versionsOf(client: Client, agentId: string): Promise<VersionRow[]> {
	const { data } = await client
		.from('ai_agent_versions')
		.select('id, number, note, published_by, created_at')
		.eq('agent_id', agentId)
		.order('number', { ascending: false })
		.limit(100)
		.throwOnError();
	return data;
}

export async function definitionOf(client: Client, versionId: string): Promise<AgentConfig | null> {
	const { data } = await client
		.from('ai_agent_versions')
		.select('definition')
		.eq('id', versionId)
		.maybeSingle()
		.throwOnError();
	return data && configOf(data.definition, '');
}

export interface Saved {
	id: string | null;
	revision: number;
	config: AgentConfig;
	channel_ids: string[];
	team_ids: string[];
	hand_over_team_id: string | null;
}

/** Makes an agent, or saves its draft. Throws what the database refuses. */
export async function saveAgent(client: Client, tenantId: string, saved: Saved): Promise<AgentRow> {
	const { data } = await client
		.rpc('save_ai_agent', {
			tenant_id: tenantId,
			agent_id: saved.id,
			draft: saved.config as unknown as Json,
			revision: saved.revision,
			channel_ids: saved.channel_ids,
			team_ids: saved.team_ids,
			hand_over_team_id: saved.hand_over_team_id
		})
		.throwOnError();
	return data;
}
