import { parseFlow, type Fault, type Flow } from '@prosa/core/flows/flow.ts';
import { Trigger } from '@prosa/core/flows/triggers.ts';
import type { Json } from '@prosa/core/database.types.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Row } from '#lib/database.ts';

export type FlowRow = Row<'flows'>;
export type VersionRow = Pick<Row<'flow_versions'>, 'id' | 'number' | 'note' | 'published_by' | 'created_at'>;

/** A flow as the list shows it. */
export interface Listed {
	id: string;
	name: string;
	published: number | null;
	version: string | null;
	archived: boolean;
	updated_at: string;
	triggers: Trigger[];
}

/** Every flow of a tenant by name. Throws what the database answers. */
export async function flowsOf(client: Client, tenantId: string): Promise<Listed[]> {
	const [flows, triggers, versions] = await Promise.all([
		client
			.from('flows')
			.select('id, name, published_version_id, archived_at, updated_at')
			.eq('tenant_id', tenantId)
			.order('name')
			.throwOnError(),
		client.from('flow_triggers').select('flow_id, settings').eq('tenant_id', tenantId).order('position').throwOnError(),
		client.from('flow_versions').select('id, number').eq('tenant_id', tenantId).throwOnError()
	]);
	const numbers = new Map(versions.data.map(({ id, number }) => [id, number]));
	return flows.data.map(({ id, name, published_version_id, archived_at, updated_at }) => ({
		id,
		name,
		version: published_version_id,
		archived: archived_at !== null,
		updated_at,
		published: published_version_id === null ? null : (numbers.get(published_version_id) ?? 0),
		triggers: readTriggers(triggers.data.filter(({ flow_id }) => flow_id === id))
	}));
}

const readTriggers = (rows: { settings: Json }[]): Trigger[] =>
	rows.flatMap(({ settings }) => {
		const read = Trigger.safeParse(settings);
		return read.success ? [read.data] : [];
	});

/** One flow with what its drawing is checked against and chooses from. */
export interface Opened {
	row: FlowRow;
	flow: Flow | null;
	/** What makes the draft unreadable; none where it can be read. */
	faults: Fault[];
	triggers: Trigger[];
	versions: VersionRow[];
	around: Around;
}

interface Named {
	id: string;
	name: string;
}

/** What there is in the company that blocks speak of. */
export interface Around {
	teams: Named[];
	tags: Named[];
	/** The other flows; those that may be called are published. */
	flows: (Named & { published: boolean })[];
	templates: { name: string; language: string }[];
	contactAttributes: string[];
	conversationAttributes: string[];
	tenantVariables: string[];
	/** Integrations; null for somebody who may not draw, and whose drawing is not checked against them. */
	modules: { id: string; module: string; name: string; enabled: boolean; url: string }[] | null;
	/** AI agents; those that are on are published. */
	aiAgents: (Named & { published: boolean })[];
}

/** Null: there is none. Throws what the database answers. */
export async function openFlow(client: Client, tenantId: string, id: string): Promise<Opened | null> {
	const [row, triggers, versions, around] = await Promise.all([
		client.from('flows').select().eq('tenant_id', tenantId).eq('id', id).maybeSingle().throwOnError(),
		client.from('flow_triggers').select('settings').eq('flow_id', id).order('position').throwOnError(),
		versionsOf(client, id),
		aroundOf(client, tenantId)
	]);
	if (!row.data) return null;
	const { flow, faults } = parseFlow(row.data.draft);
	return { row: row.data, flow, faults: faults ?? [], triggers: readTriggers(triggers.data), versions, around };
}

/** Newest first. */
export async function versionsOf(client: Client, flowId: string): Promise<VersionRow[]> {
	const { data } = await client
		.from('flow_versions')
		.select('id, number, note, published_by, created_at')
		.eq('flow_id', flowId)
		.order('number', { ascending: false })
		.limit(100)
		.throwOnError();
	return data;
}

async function aroundOf(client: Client, tenantId: string): Promise<Around> {
	const named = (table: 'teams' | 'tags') =>
		client.from(table).select('id, name').eq('tenant_id', tenantId).order('name').throwOnError();
	const [teams, tags, flows, templates, attributes, variables, modules, agents] = await Promise.all([
		named('teams'),
		named('tags'),
		client
			.from('flows')
			.select('id, name, published_version_id')
			.eq('tenant_id', tenantId)
			.order('name')
			.throwOnError(),
		client
			.from('templates')
			.select('name, language')
			.eq('tenant_id', tenantId)
			.eq('status', 'APPROVED')
			.order('name')
			.throwOnError(),
		client.from('attribute_definitions').select('subject, key').eq('tenant_id', tenantId).throwOnError(),
		client.from('flow_variables').select('name').eq('tenant_id', tenantId).order('name').throwOnError(),
		client.rpc('modules_for_flows', { tenant_id: tenantId }),
		client
			.from('ai_agents')
			.select('id, name, published_version_id')
			.eq('tenant_id', tenantId)
			.order('name')
			.throwOnError()
	]);
	const keys = (of: string) => attributes.data.filter(({ subject }) => subject === of).map(({ key }) => key);
	return {
		teams: teams.data,
		tags: tags.data,
		flows: flows.data.map(({ id, name, published_version_id }) => ({
			id,
			name,
			published: published_version_id !== null
		})),
		templates: templates.data,
		contactAttributes: keys('contact'),
		conversationAttributes: keys('conversation'),
		tenantVariables: variables.data.map(({ name }) => name),
		modules: modules.data,
		aiAgents: agents.data.map(({ id, name, published_version_id }) => ({
			id,
			name,
			published: published_version_id !== null
		}))
	};
}

/** Makes a flow, or saves its draft. Throws what the database refuses. */
export async function saveFlow(
	client: Client,
	tenantId: string,
	saved: { id: string | null; name: string; flow: Flow; revision: number }
): Promise<FlowRow> {
	const { data } = await client
		.rpc('save_flow', {
			tenant_id: tenantId,
			flow_id: saved.id,
			name: saved.name,
			draft: saved.flow as unknown as Json,
			revision: saved.revision
		})
		.throwOnError();
	return data;
}

export async function definitionOf(client: Client, versionId: string): Promise<Flow | null> {
	const { data } = await client.from('flow_versions').select('definition').eq('id', versionId).single().throwOnError();
	return parseFlow(data.definition).flow;
}

/** What a flow is published as; null: it is not. */
export async function publishedOf(client: Client, tenantId: string, flowId: string): Promise<Flow | null> {
	const { data } = await client
		.from('flows')
		.select('published_version_id')
		.eq('tenant_id', tenantId)
		.eq('id', flowId)
		.maybeSingle()
		.throwOnError();
	return data?.published_version_id ? definitionOf(client, data.published_version_id) : null;
}
