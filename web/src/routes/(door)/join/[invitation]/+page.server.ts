import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { visitorClient } from '#lib/auth/server.ts';
import { codeOf } from '#lib/errors/code.ts';
import type { Actions, PageServerLoad } from './$types';

const uuid = z.uuid();

/** What the invitation offers to whoever is signed in. The tokens of a mailed link are in the fragment: the page reads them. */
export const load: PageServerLoad = async ({ locals, params }) => {
	const person = locals.person;
	if (!uuid.safeParse(params.invitation).success) return { person, invitation: null, missing: true };
	if (!person) return { person, invitation: null, missing: false };
	const { data } = await locals.supabase.rpc('my_invitation', { invitation_id: params.invitation });
	return { person, invitation: data?.[0] ?? null, missing: !data?.[0] };
};

export const actions: Actions = {
	/** Opens the session the mail brought, if it brought one, keeps name and password, and joins. */
	accept: async ({ request, locals, params }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '').trim();
		const [name, password] = [text('name'), String(form.get('password') ?? '')];
		const refused = (problem: 'name' | 'short' | 'link' | 'weak') => fail(400, { problem, code: null, name });
		if (name.length < 1 || name.length > 80) return refused('name');
		if (form.has('password') && password.length < 8) return refused('short');
		const { auth } = locals.supabase;
		if (text('access_token')) {
			const tokens = { access_token: text('access_token'), refresh_token: text('refresh_token') };
			if ((await auth.setSession(tokens)).error) return refused('link');
		}
		if (form.has('password')) {
			const { error } = await auth.updateUser({ password, data: { name } });
			if (error?.code === 'weak_password') return refused('weak');
			if (error && error.code !== 'same_password') return refused('link');
		}
		const { data: slug, error } = await locals.supabase.rpc('accept_invitation', {
			invitation_id: params.invitation,
			display_name: name
		});
		if (error) return fail(400, { problem: null, code: codeOf(error), name });
		redirect(303, `/${slug}/inbox`);
	},

	/** Another mail to whoever's link has ended. Says the same whether the address is known or not. */
	mail: async ({ request, params, url }) => {
		const email = z.email().safeParse(String((await request.formData()).get('email') ?? '').trim());
		if (!email.success || !uuid.safeParse(params.invitation).success) return fail(400, { mailed: false });
		const redirectTo = `${url.origin}/join/${params.invitation}`;
		const { error } = await visitorClient().auth.resetPasswordForEmail(email.data, { redirectTo });
		if (error && error.status !== 429) return fail(503, { mailed: false });
		return { mailed: true };
	}
};
