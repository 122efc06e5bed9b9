import { error } from '@sveltejs/kit';
import { evaluationOf } from '#lib/ai/evaluation/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, depends, params }) => {
	depends('prosa:ai-evaluation');
	const { workspace } = await parent();
	const opened = await evaluationOf(locals.supabase, workspace.tenant_id, params.agent).catch(() => null);
	if (!opened) error(404, { message: 'ai_agent_not_found' });
	return { opened };
};
