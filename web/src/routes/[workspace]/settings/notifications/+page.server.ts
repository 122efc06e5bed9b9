import { preferencesOf } from '#lib/telling/queries.ts';
import type { PageServerLoad } from './$types';

/** How the person wants to be told, and what pushes of the workspace may show; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	try {
		const [preferences, { data: tenant }] = await Promise.all([
			preferencesOf(locals.supabase, workspace.tenant_id),
			locals.supabase.from('tenants').select('push_shows').eq('id', workspace.tenant_id).single().throwOnError()
		]);
		return { preferences, pushShows: tenant.push_shows };
	} catch {
		return { preferences: null, pushShows: 'name' };
	}
};
