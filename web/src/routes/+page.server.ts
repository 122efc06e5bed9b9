import { redirect } from '@sveltejs/kit';
import { signUpOpen } from '#lib/auth/sign_up.server.ts';
import { myWorkspaces } from '#lib/workspace/load.ts';
import type { PageServerLoad } from './$types';

/** The workspace used last, else the first one; someone with none stays here and is told so, with what they are invited to. */
export const load: PageServerLoad = async ({ locals, cookies }) => {
	const workspaces = await myWorkspaces(locals.supabase);
	const last = workspaces.find(({ slug }) => slug === cookies.get('prosa_workspace'));
	const workspace = last ?? workspaces[0];
	if (workspace) redirect(303, `/${workspace.slug}/inbox`);
	const { data } = await locals.supabase.rpc('my_invitations');
	return { email: locals.person?.email ?? '', invitations: data ?? [], open: await signUpOpen() };
};
