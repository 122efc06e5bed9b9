import { documentsOf } from '#lib/ai/knowledge.ts';
import { statusOf } from '#lib/ai/queries.ts';
import type { PageServerLoad } from './$types';

/** What the workspace's agents know; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends('prosa:ai-knowledge');
	const { workspace } = await parent();
	const [documents, status] = await Promise.all([
		documentsOf(locals.supabase, workspace.tenant_id).catch(() => null),
		statusOf(locals.supabase, workspace.tenant_id).catch(() => null)
	]);
	return { documents, status };
};
