import { hoursPage } from '#lib/hours/queries.ts';
import type { PageServerLoad } from './$types';

/** Schedules, holidays and teams; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent }) => {
	const { workspace } = await parent();
	return { page: await hoursPage(locals.supabase, workspace.tenant_id).catch(() => null) };
};
