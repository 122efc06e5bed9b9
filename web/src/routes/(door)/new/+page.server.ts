import { fail, redirect } from '@sveltejs/kit';
import { signUpOpen, markCookie } from '#lib/auth/sign_up.server.ts';
import { saidBy } from '#lib/auth/token.ts';
import { codeOf } from '#lib/errors/code.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { myWorkspaces } from '#lib/workspace/load.ts';
import type { Actions, PageServerLoad } from './$types';

/** Where a company is made: by whoever comes from the mail that confirms their address, or is signed in. */
export const load: PageServerLoad = async ({ locals, cookies }) => {
	const { person, supabase } = locals;
	const mark = cookies.get(markCookie) ?? null;
	const open = await signUpOpen();
	if (!person) return { open, mark, person, company: '', invitations: [], has: false };
	const [{ data: claims }, { data: invitations }, workspaces] = await Promise.all([
		supabase.auth.getClaims(),
		supabase.rpc('my_invitations'),
		myWorkspaces(supabase)
	]);
	const company: unknown = claims?.claims.user_metadata?.['company'];
	return {
		open,
		mark,
		person,
		// What was written at the sign-up is for the first one.
		company: workspaces.length === 0 && typeof company === 'string' ? company : '',
		invitations: invitations ?? [],
		has: workspaces.length > 0
	};
};

export const actions: Actions = {
	/** Opens the session the mail brought, if it brought one, and makes the company. */
	default: async ({ request, locals, cookies }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '').trim();
		const [name, company, slug] = [text('name'), text('company'), text('slug')];
		const password = String(form.get('password') ?? '');
		const refused = (problem: Problem, code: string | null = null, proposal: string | null = null) =>
			fail(400, { problem, code, proposal });
		if (name.length < 1 || name.length > 80) return refused('name');
		if (company.length < 2 || company.length > 120) return refused('company');
		const { supabase } = locals;
		const token = text('access_token');
		if (token) {
			// Proven by another browser than the one that chose the password: nobody knows who did.
			const strange = saidBy(token)?.mark !== (cookies.get(markCookie) ?? null);
			if (strange && password.length < 8) return refused('short');
			const { error } = await supabase.auth.setSession({ access_token: token, refresh_token: text('refresh_token') });
			if (error) return refused('link');
			if (strange) {
				const changed = await supabase.auth.updateUser({ password, data: { name } });
				if (changed.error?.code === 'weak_password') return refused('weak');
				if (changed.error && changed.error.code !== 'same_password') return refused('link');
			}
		} else if (!locals.person) return refused('link');

		const { data: made, error } = await supabase.rpc('create_workspace', {
			name: company,
			// Empty: the database makes one.
			slug,
			display_name: name,
			locale: getLocale(),
			timezone: text('timezone') || 'America/Sao_Paulo'
		});
		if (error) {
			const code = codeOf(error);
			if (code !== 'slug_taken') return refused(code === 'slug_invalid' ? 'slug' : 'code', code);
			const { data: proposal } = await supabase.rpc('propose_slug', { name: slug });
			return refused('slug', code, proposal);
		}
		cookies.delete(markCookie, { path: '/new' });
		redirect(303, `/${made}/inbox`);
	}
};

type Problem = 'name' | 'company' | 'slug' | 'short' | 'weak' | 'link' | 'code';
