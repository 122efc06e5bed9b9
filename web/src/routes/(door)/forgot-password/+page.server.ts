import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { visitorClient } from '#lib/auth/server.ts';
import type { Actions } from './$types';

const form = z.object({ email: z.email() });

export const actions: Actions = {
	/** Always answers the same, whether the address has an account or not. */
	default: async ({ request, url }) => {
		const email = String((await request.formData()).get('email') ?? '').trim();
		const input = form.safeParse({ email });
		if (!input.success) return fail(400, { email, problem: 'unreachable' as const });
		const redirectTo = `${url.origin}/reset-password`;
		const { error } = await visitorClient().auth.resetPasswordForEmail(input.data.email, { redirectTo });
		if (error?.status === 429) return fail(429, { email, problem: 'too_many' as const });
		if (error && (error.status === undefined || error.status === 0 || error.status >= 500)) {
			return fail(503, { email, problem: 'unreachable' as const });
		}
		return { email, sent: true };
	}
};
