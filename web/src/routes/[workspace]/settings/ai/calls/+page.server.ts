import { callsOf } from '#lib/ai/calls.ts';
import { statusOf } from '#lib/ai/queries.ts';
import type { PageServerLoad } from './$types';

const text = (value: string | null, pattern: RegExp) => (value !== null && pattern.test(value) ? value : null);

/** Calls of a model as the address asks for them; null where the database could not be asked. */
export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { workspace } = await parent();
	const { supabase } = locals;
	const asked = url.searchParams.get('status');
	const filter = {
		agent: text(url.searchParams.get('agent'), /^[0-9a-f-]{36}$/),
		status: asked === 'done' || asked === 'failed' ? asked : null,
		before: text(url.searchParams.get('before'), /^[\d\-T:.+Z]{10,40}$/)
	} as const;
	if (!workspace.permissions.includes('ai.manage')) return { filter, calls: [], agents: [], status: null };
	const [calls, agents, status] = await Promise.all([
		callsOf(supabase, workspace.tenant_id, filter).catch(() => null),
		supabase
			.from('ai_agents')
			.select('id, name')
			.eq('tenant_id', workspace.tenant_id)
			.order('name')
			.then(({ data }) => data ?? []),
		statusOf(supabase, workspace.tenant_id).catch(() => null)
	]);
	return { filter, calls, agents, status };
};
