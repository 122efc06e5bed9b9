import { fail } from '@sveltejs/kit';
import { SUPABASE_URL } from '$app/env/public';
import type { Actions, PageServerLoad } from './$types';

/** The token is the right to stop the mails; no link of this page may carry it on. */
export const load: PageServerLoad = ({ url, setHeaders }) => {
	setHeaders({ 'referrer-policy': 'no-referrer' });
	return { token: url.searchParams.get('token') ?? '' };
};

export const actions: Actions = {
	default: async ({ request, fetch }) => {
		const token = String((await request.formData()).get('token') ?? '');
		const address = `${SUPABASE_URL}/functions/v1/unsubscribe?${new URLSearchParams({ token })}`;
		try {
			const response = await fetch(address, { method: 'POST', signal: AbortSignal.timeout(10_000) });
			await response.body?.cancel();
			if (response.ok) return { stopped: true };
			return fail(response.status === 404 ? 404 : 503, {
				problem: response.status === 404 ? 'unknown' : 'unreachable'
			});
		} catch {
			return fail(503, { problem: 'unreachable' });
		}
	}
};
