import { z } from 'zod';
import { SUPABASE_ANON_KEY, SUPABASE_URL } from '$app/env/public';

const Settings = z.object({ disable_signup: z.boolean() });
const keptMs = 60_000;

let known: { open: boolean; until: number } | null = null;

/**
 * Whether people may sign up, as the auth server has it: what it refuses is not offered. Asked once a minute; while it can't
 * be asked, nothing is offered.
 */
export async function signUpOpen(now = Date.now()): Promise<boolean> {
	if (known && known.until > now) return known.open;
	try {
		const response = await fetch(`${SUPABASE_URL}/auth/v1/settings`, {
			headers: { apikey: SUPABASE_ANON_KEY },
			signal: AbortSignal.timeout(3_000)
		});
		if (!response.ok) return false;
		const open = !Settings.parse(await response.json()).disable_signup;
		known = { open, until: now + keptMs };
		return open;
	} catch {
		return false;
	}
}

/**
 * The mark of the browser that signed up, in a cookie and in the account it made. An account with another browser's mark
 * was made by somebody who only knew the address: its password is not to be trusted, and a new one is asked for.
 */
export const markCookie = 'prosa_sign_up';
