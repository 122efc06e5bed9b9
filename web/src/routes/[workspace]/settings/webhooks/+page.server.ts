import { listChannels } from '#lib/channels/queries.ts';
import { queryOf, readFilter } from '#lib/webhooks/filter.ts';
import { listWebhooks } from '#lib/webhooks/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { workspace } = await parent();
	const filter = readFilter(url.searchParams);
	if (!workspace.permissions.includes('webhooks.read')) return { filter, channels: [], webhooks: [] };
	const { supabase } = locals;
	const [channels, webhooks] = await Promise.all([
		listChannels(supabase, workspace.tenant_id).catch(() => []),
		listWebhooks(supabase, queryOf(filter, workspace.tenant_id, Date.now()), null).catch(() => null)
	]);
	return { filter, channels, webhooks };
};
