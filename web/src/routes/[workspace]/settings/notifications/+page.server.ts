import { MAIL_FROM } from '$app/env/private';
import { digestState, preferencesOf } from '#lib/telling/queries.ts';
import type { PageServerLoad } from './$types';

/** How the person wants to be told, and what pushes of the workspace may show; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	try {
		const [preferences, { data: tenant }, digest] = await Promise.all([
			preferencesOf(locals.supabase, workspace.tenant_id),
			locals.supabase.from('tenants').select('push_shows').eq('id', workspace.tenant_id).single().throwOnError(),
			MAIL_FROM ? digestState(locals.supabase, workspace.tenant_id) : null
		]);
		return { preferences, pushShows: tenant.push_shows, mails: Boolean(MAIL_FROM), digest };
	} catch {
		return { preferences: null, pushShows: 'name', mails: false, digest: null };
	}
};
