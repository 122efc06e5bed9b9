import { agentsOf, aroundOf, statusOf } from '#lib/ai/queries.ts';
import type { PageServerLoad } from './$types';

/** The workspace's AI agents, and whether AI works; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends('prosa:ai');
	const { workspace } = await parent();
	const { supabase } = locals;
	try {
		const [agents, around, status] = await Promise.all([
			agentsOf(supabase, workspace.tenant_id),
			aroundOf(supabase, workspace.tenant_id),
			statusOf(supabase, workspace.tenant_id)
		]);
		return { agents, around, status };
	} catch {
		return { agents: null, around: { teams: [], channels: [] }, status: null };
	}
};
