import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/**
 * The three forms a mailed link takes. `?code=` (PKCE) is settled here: it is worth nothing without the verifier in the
 * cookie of the browser that asked. `?token_hash=` and the fragment's tokens, which the page reads, only come back with
 * the form: opening a link neither swaps someone's session nor uses it up, as mail scanners would.
 */
export const load: PageServerLoad = async ({ url, locals }) => {
	const code = url.searchParams.get('code');
	const tokenHash = url.searchParams.get('token_hash');
	const invited = ['invite', 'signup'].includes(url.searchParams.get('type') ?? '');
	if (code) {
		const { error } = await locals.supabase.auth.exchangeCodeForSession(code);
		return { ready: !error, expired: Boolean(error), invited, tokenHash: null };
	}
	if (tokenHash) return { ready: true, expired: false, invited, tokenHash };
	return { ready: locals.person !== null, expired: url.searchParams.has('error'), invited, tokenHash: null };
};

export const actions: Actions = {
	/** Saves the password. A refusal says in `tokenHash` what is still to be redeemed: a hash is good for one time only. */
	default: async ({ request, locals }) => {
		const form = await request.formData();
		const text = (name: string) => String(form.get(name) ?? '');
		const password = text('password');
		const tokenHash = text('token_hash') || null;
		if (password.length < 8) return fail(400, { problem: 'short' as const, tokenHash });
		if (new TextEncoder().encode(password).length > 72) return fail(400, { problem: 'long' as const, tokenHash });
		const redeemed = { tokenHash: null };
		if (tokenHash) {
			const type = text('invited') ? 'invite' : 'recovery';
			const { error } = await locals.supabase.auth.verifyOtp({ token_hash: tokenHash, type });
			if (error) return fail(400, { problem: 'expired' as const, ...redeemed });
		} else if (text('access_token')) {
			const tokens = { access_token: text('access_token'), refresh_token: text('refresh_token') };
			const { error } = await locals.supabase.auth.setSession(tokens);
			if (error) return fail(400, { problem: 'expired' as const, ...redeemed });
		}
		const { error } = await locals.supabase.auth.updateUser({ password });
		if (error?.code === 'same_password') return fail(400, { problem: 'same' as const, ...redeemed });
		// Long enough, as seen above: known from leaks, or without what the project asks for.
		if (error?.code === 'weak_password') return fail(400, { problem: 'weak' as const, ...redeemed });
		if (error) return fail(400, { problem: 'expired' as const, ...redeemed });
		redirect(303, '/');
	}
};
