import { error } from '@sveltejs/kit';
import { readHealth } from '#lib/channels/health.ts';
import { codeOf } from '#lib/errors/code.ts';
import type { PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const load: PageServerLoad = async ({ locals, parent, params }) => {
	const { workspace } = await parent();
	if (!uuid.test(params.channel)) error(404, { message: 'channel_not_found' });
	try {
		const health = await readHealth(locals.supabase, params.channel);
		if (health.channel.tenant_id !== workspace.tenant_id) error(404, { message: 'channel_not_found' });
		return { health };
	} catch (problem) {
		if (codeOf(problem) === 'channel_not_found') error(404, { message: 'channel_not_found' });
		throw problem;
	}
};
