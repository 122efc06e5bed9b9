import { createServerClient } from '@supabase/ssr';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { RequestEvent } from '@sveltejs/kit';
import { SUPABASE_ANON_KEY, SUPABASE_URL } from '$app/env/public';
import type { Database } from '#lib/database.ts';

export type Client = SupabaseClient<Database>;

/** Seven days, as long as a refresh token lives; each refresh begins them anew. */
const cookieMaxAge = 7 * 24 * 60 * 60;

/**
 * The Supabase client of one request, its session in that request's cookies. The cookies are httpOnly: the browser
 * asks `/session` for a short access token and never holds the refresh token, so only the server rotates it.
 */
export function requestClient(event: RequestEvent): Client {
	const { host } = new URL(SUPABASE_URL);
	return createServerClient<Database>(SUPABASE_URL, SUPABASE_ANON_KEY, {
		cookieOptions: {
			// Cookies know no ports: two stacks on one machine would otherwise sign each other out.
			name: `sb-${host.replaceAll(/[^a-z0-9]+/gi, '-')}-auth-token`,
			httpOnly: true,
			secure: event.url.protocol === 'https:',
			sameSite: 'lax',
			path: '/',
			maxAge: cookieMaxAge
		},
		cookies: {
			getAll: () => event.cookies.getAll().flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }])),
			setAll(cookies) {
				for (const { name, value, options } of cookies) event.cookies.set(name, value, { ...options, path: '/' });
			}
		}
	});
}

/**
 * A client without a session, for recovery mails: their link then carries the tokens itself and works on whichever
 * device the mail is opened, where the PKCE form needs the browser that asked.
 */
export function visitorClient(): Client {
	return createClient<Database>(SUPABASE_URL, SUPABASE_ANON_KEY, {
		auth: { flowType: 'implicit', persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }
	});
}
