import { error, redirect } from '@sveltejs/kit';
import { signUpOpen } from '#lib/auth/sign_up.server.ts';
import { zoneCookie, zoneOf } from '#lib/time/zone.ts';
import { myWorkspaces, membersOf, myTeams } from '#lib/workspace/load.ts';
import type { LayoutServerLoad } from './$types';

/** The workspace of the address, for one of its members; to anyone else it doesn't exist. */
export const load: LayoutServerLoad = async ({ locals, params, cookies, url }) => {
	const { person, supabase } = locals;
	if (!person) error(401, { message: 'not_signed_in' });
	const workspaces = await myWorkspaces(supabase);
	const workspace = workspaces.find(({ slug }) => slug === params.workspace);
	if (!workspace) error(404, { message: 'tenant_not_found' });
	// Nothing of it opens before: the database sees to that, this leads to the way in.
	if (workspace.needs_mfa) redirect(303, `/second-factor?next=${encodeURIComponent(url.pathname + url.search)}`);
	const [members, teamIds, mayFound] = await Promise.all([
		membersOf(supabase, workspace.tenant_id),
		myTeams(supabase, workspace.tenant_id, person.id),
		signUpOpen()
	]);
	cookies.set('prosa_workspace', workspace.slug, {
		path: '/',
		maxAge: 365 * 24 * 60 * 60,
		sameSite: 'lax',
		secure: url.protocol === 'https:'
	});
	return {
		person,
		workspace,
		workspaces,
		members,
		teamIds,
		mayFound,
		now: Date.now(),
		zone: zoneOf(cookies.get(zoneCookie))
	};
};
