import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => redirect(303, '/');

export const actions: Actions = {
	/** Ends this device's session, or every session of the person when `scope` is `global`. */
	default: async ({ request, locals }) => {
		const scope = (await request.formData()).get('scope') === 'global' ? 'global' : 'local';
		await locals.supabase.auth.signOut({ scope });
		redirect(303, '/sign-in?notice=signed_out');
	}
};
