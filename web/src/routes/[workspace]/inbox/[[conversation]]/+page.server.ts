import { listPage, rowsById, threadPage } from '#lib/inbox/queries.ts';
import { readFilter } from '#lib/inbox/views.ts';
import { savedFilters, viewsData } from '#lib/views/queries.ts';
import { sidebarCookie } from '#lib/views/sidebar.ts';
import type { PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What the first paint shows: a page of the list and the open thread. Read without being tracked, so that walking
 * through conversations asks the database directly and never comes by here.
 */
export const load: PageServerLoad = async ({ locals, parent, params, url, cookies, untrack }) => {
	const { workspace, person } = await parent();
	const id = untrack(() => params.conversation) ?? null;
	const asked = untrack(() => new URLSearchParams(url.searchParams));
	const sidebar = cookies.get(sidebarCookie) !== 'closed';
	if (!workspace.permissions.includes('conversations.read')) {
		return { filter: readFilter(asked), list: null, thread: null, views: null, sidebar };
	}
	const { supabase } = locals;
	const { tenant_id: tenantId } = workspace;
	// Beside the list, not before it: only the address of a saved filter has to wait for what it says.
	const saving = savedFilters(supabase, tenantId).catch(() => []);
	const filter = readFilter(asked, asked.has('filter') ? await saving : []);
	const [list, thread, views] = await Promise.all([
		listPage(supabase, tenantId, filter, person.id, null).catch(() => null),
		id && uuid.test(id)
			? Promise.all([rowsById(supabase, tenantId, [id]), threadPage(supabase, id, null)]).catch(() => null)
			: null,
		viewsData(supabase, tenantId, saving)
	]);
	const row = thread?.[0][0];
	return {
		filter,
		list,
		thread: row && thread ? { row, messages: thread[1] } : null,
		views,
		sidebar
	};
};
