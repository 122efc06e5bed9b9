import { listPage, rowsById, threadPage } from '#lib/inbox/queries.ts';
import { readFilter } from '#lib/inbox/views.ts';
import type { PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What the first paint shows: a page of the list and the open thread. Read without being tracked, so that walking
 * through conversations asks the database directly and never comes by here.
 */
export const load: PageServerLoad = async ({ locals, parent, params, url, untrack }) => {
	const { workspace, person } = await parent();
	const id = untrack(() => params.conversation) ?? null;
	const filter = untrack(() => readFilter(url.searchParams));
	if (!workspace.permissions.includes('conversations.read')) return { filter, list: null, thread: null };
	const { supabase } = locals;
	const { tenant_id: tenantId } = workspace;
	const [list, thread] = await Promise.all([
		listPage(supabase, tenantId, filter, person.id, null).catch(() => null),
		id && uuid.test(id)
			? Promise.all([rowsById(supabase, tenantId, [id]), threadPage(supabase, tenantId, id, null)]).catch(() => null)
			: null
	]);
	const row = thread?.[0][0];
	return { filter, list, thread: row && thread ? { row, messages: thread[1] } : null };
};
