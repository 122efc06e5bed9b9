import { modulesOf } from '#lib/modules/queries.ts';
import type { PageServerLoad } from './$types';

/** The workspace's integrations; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends('prosa:modules');
	const { workspace } = await parent();
	try {
		return { modules: await modulesOf(locals.supabase, workspace.tenant_id) };
	} catch {
		return { modules: null };
	}
};
