import { error } from '@sveltejs/kit';
import { readTeam } from '#lib/teams/queries.ts';
import type { PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const load: PageServerLoad = async ({ locals, parent, params }) => {
	const { workspace } = await parent();
	if (!uuid.test(params.team)) error(404, { message: 'team_not_found' });
	const found = await readTeam(locals.supabase, workspace.tenant_id, params.team);
	if (!found) error(404, { message: 'team_not_found' });
	return { found };
};
