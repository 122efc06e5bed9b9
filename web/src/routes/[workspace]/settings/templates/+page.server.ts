import { listChannels } from '#lib/channels/queries.ts';
import { listEvents, listSyncs, listTemplates } from '#lib/templates/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends('prosa:templates');
	const { workspace } = await parent();
	const tenant = workspace.tenant_id;
	try {
		const [templates, syncs, events, channels] = await Promise.all([
			listTemplates(locals.supabase, tenant),
			listSyncs(locals.supabase, tenant),
			listEvents(locals.supabase, tenant, undefined, 30),
			listChannels(locals.supabase, tenant)
		]);
		return { list: { templates, syncs, events, channels } };
	} catch {
		return { list: null };
	}
};
