import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { enrolling } from '#lib/auth/factors.server.ts';
import { nextPath, signInPath } from '#lib/auth/guard.ts';
import { visitorClient } from '#lib/auth/server.ts';
import { zoneCookie, zoneOf } from '#lib/time/zone.ts';
import { myWorkspaces } from '#lib/workspace/load.ts';
import type { Actions, PageServerLoad } from './$types';

/** Who one is, for all workspaces: a session that owes a second factor shows it first. */
export const load: PageServerLoad = async ({ locals, url, cookies }) => {
	const { supabase, person } = locals;
	if (!person) redirect(303, signInPath(url));
	const [{ data: level }, { data: factors }, workspaces] = await Promise.all([
		supabase.auth.mfa.getAuthenticatorAssuranceLevel(),
		supabase.auth.mfa.listFactors(),
		myWorkspaces(supabase)
	]);
	const has = (factors?.totp.length ?? 0) > 0;
	if (has && level?.currentLevel !== 'aal2') redirect(303, '/second-factor?next=/profile');
	const [{ data: sessions }, { data: codesLeft }, { data: user }, { data: pictures }] = await Promise.all([
		supabase.rpc('my_sessions'),
		supabase.rpc('recovery_codes_left'),
		supabase.auth.getUser(),
		supabase.from('memberships').select('avatar').eq('user_id', person.id).not('avatar', 'is', null).limit(1)
	]);
	return {
		person,
		has,
		codesLeft: codesLeft ?? 0,
		avatar: pictures?.[0]?.avatar ?? null,
		sessions: sessions ?? [],
		newEmail: user.user?.new_email ?? null,
		home: nextPath(new URL(`/?next=/`, url)),
		workspaces: workspaces.map(({ name }) => name),
		now: Date.now(),
		zone: zoneOf(cookies.get(zoneCookie))
	};
};

const ok = (section: Section) => ({ section, problem: null });
const refuse = (section: Section, problem: Problem) => fail(400, { section, problem });
type Section = 'name' | 'password' | 'email' | 'factor' | 'sessions';
type Problem =
	| 'name'
	| 'current'
	| 'short'
	| 'long'
	| 'same'
	| 'weak'
	| 'code'
	| 'code_wrong'
	| 'email'
	| 'taken'
	| 'too_many'
	| 'unreachable';

export const actions: Actions = {
	...enrolling,

	/** One's name, in every workspace and in the account. */
	name: async ({ request, locals }) => {
		const name = String((await request.formData()).get('name') ?? '').trim();
		if (name.length < 1 || name.length > 80) return refuse('name', 'name');
		for (const { tenant_id } of await myWorkspaces(locals.supabase)) {
			const { error } = await locals.supabase.rpc('rename_me', { tenant_id, display_name: name });
			if (error) return refuse('name', 'unreachable');
		}
		const { error } = await locals.supabase.auth.updateUser({ data: { name } });
		if (error) return refuse('name', 'unreachable');
		// The token says the name too.
		await locals.supabase.auth.refreshSession();
		return ok('name');
	},

	/**
	 * Another password, for whoever knows the present one; every other session ends. In a session of more than a day the
	 * auth server asks for a code too, which is mailed.
	 */
	password: async ({ request, locals }) => {
		const form = await request.formData();
		const [current, password] = [String(form.get('current') ?? ''), String(form.get('password') ?? '')];
		const nonce = String(form.get('nonce') ?? '').trim();
		if (password.length < 8) return refuse('password', 'short');
		if (new TextEncoder().encode(password).length > 72) return refuse('password', 'long');
		const visitor = visitorClient();
		const proof = await visitor.auth.signInWithPassword({ email: locals.person?.email ?? '', password: current });
		if (proof.error) return refuse('password', proof.error.status === 429 ? 'too_many' : 'current');
		await visitor.auth.signOut({ scope: 'local' });
		const { error } = await locals.supabase.auth.updateUser({ password, ...(nonce && { nonce }) });
		if (error?.code === 'reauthentication_needed') {
			const mailed = await locals.supabase.auth.reauthenticate();
			if (mailed.error) return refuse('password', mailed.error.status === 429 ? 'too_many' : 'unreachable');
			return refuse('password', 'code');
		}
		if (error?.code === 'reauthentication_not_valid') return refuse('password', 'code_wrong');
		if (error?.status === 429) return refuse('password', 'too_many');
		if (error?.code === 'same_password') return refuse('password', 'same');
		if (error?.code === 'weak_password') return refuse('password', 'weak');
		if (error) return refuse('password', 'unreachable');
		await locals.supabase.rpc('end_sessions', { session_id: null });
		return ok('password');
	},

	/** Another address, once the mails to the old and the new one are confirmed. */
	email: async ({ request, locals, url }) => {
		const email = z.email().safeParse(String((await request.formData()).get('email') ?? '').trim());
		if (!email.success) return refuse('email', 'email');
		const { error } = await locals.supabase.auth.updateUser(
			{ email: email.data },
			{ emailRedirectTo: `${url.origin}/profile` }
		);
		if (error?.code === 'email_exists') return refuse('email', 'taken');
		if (error) return refuse('email', error.status === 429 ? 'too_many' : 'unreachable');
		return ok('email');
	},

	/** Turns the second factor off: only a session that has shown it may. */
	disable: async ({ locals }) => {
		const { mfa } = locals.supabase.auth;
		const { data } = await mfa.listFactors();
		for (const factor of data?.all ?? []) {
			const { error } = await mfa.unenroll({ factorId: factor.id });
			if (error) return refuse('factor', 'unreachable');
		}
		await locals.supabase.auth.refreshSession();
		return ok('factor');
	},

	/** Signs out one other session, or all of them. */
	end: async ({ request, locals }) => {
		const id = z.uuid().safeParse((await request.formData()).get('session'));
		const { error } = await locals.supabase.rpc('end_sessions', { session_id: id.success ? id.data : null });
		return error ? refuse('sessions', 'unreachable') : ok('sessions');
	}
};
