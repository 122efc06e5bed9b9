import { listTags, tagUsage } from '#lib/tags/queries.ts';
import type { PageServerLoad } from './$types';

/** The workspace's tags with how much hangs on each; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends('prosa:tags');
	const { workspace } = await parent();
	try {
		const [tags, usage] = await Promise.all([
			listTags(locals.supabase, workspace.tenant_id),
			tagUsage(locals.supabase, workspace.tenant_id)
		]);
		return { list: { tags, usage } };
	} catch {
		return { list: null };
	}
};
