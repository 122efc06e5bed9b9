import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { visitorClient } from '#lib/auth/server.ts';
import { markCookie, signUpOpen } from '#lib/auth/sign_up.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	if (locals.person) redirect(303, '/new');
	return { open: await signUpOpen() };
};

const Email = z.email().max(254);
/** A day: as long as somebody may take to find the mail. */
const markAge = 24 * 60 * 60;

export const actions: Actions = {
	/**
	 * Makes an account and has its address confirmed by mail. Answers the same for an address that has one already: the
	 * auth server then sends nothing and says nothing.
	 */
	open: async ({ request, url, locals, cookies }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '').trim();
		const [name, email, company] = [text('name'), text('email'), text('company')];
		const password = String(form.get('password') ?? '');
		const refused = (problem: Problem, status = 400) => fail(status, { name, email, company, problem });
		if (name.length < 1 || name.length > 80) return refused('name');
		if (!Email.safeParse(email).success) return refused('email');
		if (company.length < 2 || company.length > 120) return refused('company');
		if (password.length < 8) return refused('short');
		if (new TextEncoder().encode(password).length > 72) return refused('long');

		const mark = crypto.randomUUID();
		const { data, error } = await visitorClient().auth.signUp({
			email,
			password,
			options: { data: { name, company, mark }, emailRedirectTo: `${url.origin}/new` }
		});
		if (error && error.code !== 'user_already_exists') {
			if (error.status === 429) return refused('too_many', 429);
			if (error.code === 'weak_password') return refused('weak');
			if (error.code === 'email_address_invalid') return refused('email');
			if (error.code === 'signup_disabled') return refused('closed', 403);
			return refused('unreachable', 503);
		}
		cookies.set(markCookie, mark, {
			path: '/new',
			httpOnly: true,
			sameSite: 'lax',
			secure: url.protocol === 'https:',
			maxAge: markAge
		});
		if (data.session) {
			// A project that asks for no confirmation.
			await locals.supabase.auth.setSession(data.session);
			redirect(303, '/new');
		}
		return { email, sent: true, again: false };
	},

	/** The mail once more. Says the same whoever the address belongs to. */
	again: async ({ request, url }) => {
		const email = String((await request.formData()).get('email') ?? '').trim();
		const sent = { email, sent: true };
		if (!Email.safeParse(email).success) return fail(400, { ...sent, again: false, problem: 'email' as const });
		const { error } = await visitorClient().auth.resend({
			type: 'signup',
			email,
			options: { emailRedirectTo: `${url.origin}/new` }
		});
		if (error?.status === 429) return fail(429, { ...sent, again: false, problem: 'wait' as const });
		if (error) return fail(503, { ...sent, again: false, problem: 'unreachable' as const });
		return { ...sent, again: true };
	}
};

type Problem = 'name' | 'email' | 'company' | 'short' | 'long' | 'weak' | 'too_many' | 'closed' | 'unreachable';
