import type { Client } from '#lib/auth/client.ts';
import { readTemplate, type Template, type TemplateEvent, type TemplateSync } from './rows.ts';

/** An account may have thousands; a page of PostgREST has a thousand at most. */
const most = 1_000;

/** The templates of a workspace, or of one account of it, by name; deleted ones stay out. Throws what the database refuses. */
export async function listTemplates(client: Client, tenantId: string, wabaId?: string): Promise<Template[]> {
	let query = client.from('templates').select().eq('tenant_id', tenantId).neq('status', 'DELETED');
	if (wabaId !== undefined) query = query.eq('waba_id', wabaId);
	const { data } = await query.order('name').order('language').limit(most).throwOnError();
	return data.map(readTemplate);
}

export async function readOne(client: Client, tenantId: string, id: string): Promise<Template | null> {
	const { data } = await client
		.from('templates')
		.select()
		.eq('tenant_id', tenantId)
		.eq('id', id)
		.maybeSingle()
		.throwOnError();
	return data && readTemplate(data);
}

/** Templates of one name: the languages of one text. */
export async function languagesOf(
	client: Client,
	template: Pick<Template, 'tenant_id' | 'waba_id' | 'name'>
): Promise<Template[]> {
	const { data } = await client
		.from('templates')
		.select()
		.eq('tenant_id', template.tenant_id)
		.eq('waba_id', template.waba_id)
		.eq('name', template.name)
		.neq('status', 'DELETED')
		.order('language')
		.throwOnError();
	return data.map(readTemplate);
}

/** What happened to one template, or to any, newest first. */
export async function listEvents(
	client: Client,
	tenantId: string,
	templateId?: string,
	limit = 50
): Promise<TemplateEvent[]> {
	let query = client.from('template_events').select().eq('tenant_id', tenantId);
	if (templateId !== undefined) query = query.eq('template_id', templateId);
	const { data } = await query.order('occurred_at', { ascending: false }).order('id').limit(limit).throwOnError();
	return data as TemplateEvent[];
}

export async function listSyncs(client: Client, tenantId: string): Promise<TemplateSync[]> {
	const { data } = await client.from('template_syncs').select().eq('tenant_id', tenantId).throwOnError();
	return data as unknown as TemplateSync[];
}

/** The account a conversation's channel belongs to; null where it has none. */
export async function accountOf(client: Client, channelId: string): Promise<string | null> {
	const { data } = await client.from('channels').select('waba_id').eq('id', channelId).maybeSingle().throwOnError();
	return data?.waba_id ?? null;
}
