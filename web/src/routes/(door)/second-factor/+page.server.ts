import { redirect } from '@sveltejs/kit';
import { enrolling, proving } from '#lib/auth/factors.server.ts';
import { nextPath } from '#lib/auth/guard.ts';
import { myWorkspaces } from '#lib/workspace/load.ts';
import type { Actions, PageServerLoad } from './$types';

/**
 * Where a session that owes a second factor is led: to show it, or, where a company asks for one and the person has none,
 * to get one. Whoever owes nothing walks on.
 */
export const load: PageServerLoad = async ({ locals, url }) => {
	const { data: level } = await locals.supabase.auth.mfa.getAuthenticatorAssuranceLevel();
	const { data: factors } = await locals.supabase.auth.mfa.listFactors();
	const next = nextPath(url);
	const has = (factors?.totp.length ?? 0) > 0;
	if (level?.currentLevel === 'aal2') redirect(303, next);
	const recovered = url.searchParams.get('recovered') === 'yes';
	const asking = (await myWorkspaces(locals.supabase)).filter(({ needs_mfa }) => needs_mfa);
	if (!has && !recovered && asking.length === 0) redirect(303, next);
	return { has, recovered, next, asking: asking.map(({ name }) => name), email: locals.person?.email ?? '' };
};

export const actions: Actions = { ...enrolling, ...proving };
