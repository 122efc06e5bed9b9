import { listChannels } from '#lib/channels/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	return { channels: await listChannels(locals.supabase, workspace.tenant_id).catch(() => null) };
};
