import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/**
 * The short access token of whoever is signed in, for supabase-js in the browser; the refresh token stays in its
 * httpOnly cookie. The hook has refreshed the token by now, if it needed it. 401 when nobody is signed in.
 */
export const GET: RequestHandler = async ({ locals }) => {
	const headers = { 'cache-control': 'no-store' };
	if (!locals.person) return json({ message: 'not_signed_in' }, { status: 401, headers });
	const { data } = await locals.supabase.auth.getSession();
	if (!data.session) return json({ message: 'not_signed_in' }, { status: 401, headers });
	const { access_token, expires_at, expires_in } = data.session;
	return json({ access_token, expires_at: expires_at ?? Math.floor(Date.now() / 1000) + expires_in }, { headers });
};
