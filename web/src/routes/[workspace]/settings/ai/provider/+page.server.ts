import { statusOf } from '#lib/ai/queries.ts';
import type { PageServerLoad } from './$types';

/** Which key is asked with, and what may be spent; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends('prosa:ai-provider');
	const { workspace } = await parent();
	const [status, settings] = await Promise.all([
		statusOf(locals.supabase, workspace.tenant_id).catch(() => null),
		locals.supabase
			.from('ai_settings')
			.select('enabled, daily_limit, monthly_limit, calls_per_minute, prices')
			.eq('tenant_id', workspace.tenant_id)
			.maybeSingle()
			.then(({ data }) => data)
	]);
	return { status, settings };
};
