import { readRoles } from '#lib/members/queries.ts';
import type { PageServerLoad } from './$types';

/** The company's own roles; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	return { roles: await readRoles(locals.supabase, workspace.tenant_id).catch(() => null) };
};
