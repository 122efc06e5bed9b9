import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { nextPath } from '#lib/auth/guard.ts';
import { signUpOpen } from '#lib/auth/sign_up.server.ts';
import type { Actions, PageServerLoad } from './$types';

const form = z.object({ email: z.email(), password: z.string().min(1) });

const notices = ['signed_out', 'expired', 'reset_done'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.person) redirect(303, nextPath(url));
	return {
		notice: notices.find((notice) => notice === url.searchParams.get('notice')) ?? null,
		signUp: await signUpOpen()
	};
};

export const actions: Actions = {
	default: async ({ request, locals, url }) => {
		const entries = Object.fromEntries(await request.formData());
		const email = typeof entries['email'] === 'string' ? entries['email'].trim() : '';
		const input = form.safeParse({ ...entries, email });
		if (!input.success) return fail(400, { email, problem: 'wrong' as const });
		const { error } = await locals.supabase.auth.signInWithPassword(input.data);
		if (!error) redirect(303, nextPath(url));
		if (error.status === 429) return fail(429, { email, problem: 'too_many' as const });
		if (error.status === 400) return fail(400, { email, problem: 'wrong' as const });
		return fail(503, { email, problem: 'unreachable' as const });
	}
};
