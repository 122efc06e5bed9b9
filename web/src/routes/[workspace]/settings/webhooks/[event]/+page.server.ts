import { error } from '@sveltejs/kit';
import { codeOf } from '#lib/errors/code.ts';
import { readWebhook } from '#lib/webhooks/queries.ts';
import type { PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const load: PageServerLoad = async ({ locals, params }) => {
	if (!uuid.test(params.event)) error(404, { message: 'webhook_event_not_found' });
	try {
		return { webhook: await readWebhook(locals.supabase, params.event) };
	} catch (problem) {
		if (codeOf(problem) === 'webhook_event_not_found') error(404, { message: 'webhook_event_not_found' });
		throw problem;
	}
};
