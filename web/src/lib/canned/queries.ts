import type { Client } from '#lib/auth/client.ts';
import type { StoredFile } from '#lib/composer/files/lent.svelte.ts';
import type { CannedResponse, Scope, Use } from './rows.ts';

/** A page of PostgREST has a thousand at most. */
const most = 1_000;

const withTexts =
	'*, published:canned_response_versions!canned_responses_published_fkey(version, created_at, canned_response_variants(id, channel_type, weight, text, position), canned_response_files(kind, path, mime_type, size, filename, position))';

interface Published {
	published: {
		canned_response_variants: (CannedResponse['variants'][number] & { position: number })[];
		canned_response_files: (StoredFile & { position: number })[];
	} | null;
}

function read({ published, ...row }: Published & { scope: string }): CannedResponse {
	const variants = (published?.canned_response_variants ?? []).toSorted((a, b) => a.position - b.position);
	const files = filesOf(published?.canned_response_files ?? []);
	return { ...(row as unknown as CannedResponse), scope: row.scope as Scope, variants, files };
}

/** The files of a version in their order. */
export const filesOf = (rows: readonly (StoredFile & { position: number })[]): StoredFile[] =>
	rows.toSorted((a, b) => a.position - b.position).map(({ position: _position, ...file }) => file);

/** The canned responses one may use, by title; those put away stay out unless asked for. */
export async function listResponses(client: Client, tenantId: string): Promise<CannedResponse[]> {
	const { data } = await client
		.from('canned_responses')
		.select(withTexts)
		.eq('tenant_id', tenantId)
		.is('archived_at', null)
		.order('title')
		.limit(most)
		.throwOnError();
	return (data as unknown as (Published & { scope: string })[]).map(read);
}

/** What one has used oneself. */
export async function myUses(client: Client, tenantId: string): Promise<Map<string, Use>> {
	const { data } = await client.rpc('my_canned_uses', { tenant_id: tenantId }).throwOnError();
	return new Map(data.map(({ response_id, uses, last_used_at }) => [response_id, { uses, last_used_at }]));
}

/** The clock and language of the company, which greetings follow. */
export async function clockOf(client: Client, tenantId: string): Promise<{ timezone: string; locale: string }> {
	const { data } = await client.from('tenants').select('timezone, locale').eq('id', tenantId).single().throwOnError();
	return data;
}

/** What is kept of a contact besides the name. */
export async function attributesOf(client: Client, contactId: string): Promise<Record<string, unknown>> {
	const { data } = await client.from('contacts').select('attributes').eq('id', contactId).maybeSingle().throwOnError();
	const attributes = data?.attributes;
	return typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes) ? attributes : {};
}
