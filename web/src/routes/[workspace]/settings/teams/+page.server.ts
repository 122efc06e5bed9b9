import { readTeams } from '#lib/teams/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	return { found: await readTeams(locals.supabase, workspace.tenant_id).catch(() => null) };
};
