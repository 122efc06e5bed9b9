import type { Client } from '#lib/auth/client.ts';
import type { StoredFile } from '#lib/composer/files/lent.svelte.ts';
import type { EditedVariant } from './editing.ts';
import { filesOf } from './queries.ts';

/** A state that a response was published in. */
export interface Version {
	version: number;
	restored_from: number | null;
	created_by: string | null;
	created_at: string;
	variants: EditedVariant[];
	files: StoredFile[];
}

/** So many are shown; who needs an older one has it in the audit log. */
const most = 100;

/** The versions of a response, newest first. */
export async function versionsOf(client: Client, tenantId: string, responseId: string): Promise<Version[]> {
	const { data } = await client
		.from('canned_response_versions')
		.select(
			'version, restored_from, created_by, created_at, canned_response_variants(position, channel_type, weight, text), canned_response_files(kind, path, mime_type, size, filename, position)'
		)
		.eq('tenant_id', tenantId)
		.eq('response_id', responseId)
		.order('version', { ascending: false })
		.limit(most)
		.throwOnError();
	return data.map(({ canned_response_variants, canned_response_files, ...version }) => ({
		...version,
		variants: canned_response_variants
			.toSorted((a, b) => a.position - b.position)
			.map(({ channel_type, weight, text }) => ({ channel_type, weight, text })),
		files: filesOf(canned_response_files as (StoredFile & { position: number })[])
	}));
}
