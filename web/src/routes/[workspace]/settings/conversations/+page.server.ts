import type { PageServerLoad } from './$types';

/** What the workspace has settled for its conversations; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	const { data } = await locals.supabase
		.from('tenants')
		.select('send_read_receipts')
		.eq('id', workspace.tenant_id)
		.maybeSingle();
	return { settings: data };
};
