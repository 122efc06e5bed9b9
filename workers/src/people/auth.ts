import { z } from 'zod';

/** What the worker asks of the auth server: mails that let an invited person in. */
export interface AuthServer {
	/** Makes the account and mails the link. `known` where the address has a confirmed account already. */
	invite(email: string, path: string): Promise<'sent' | 'known'>;
	/** Mails somebody with an account a link that signs them in. */
	mailLink(email: string, path: string): Promise<void>;
}

/** The auth server will not mail this address, however often it is asked. */
export class MailRefused extends Error {
	override name = 'MailRefused';
}

interface Settings {
	SUPABASE_URL?: string | undefined;
	SUPABASE_SERVICE_ROLE_KEY?: string | undefined;
	WEB_URL?: string | undefined;
}

const Refusal = z.object({
	error_code: z.string().optional(),
	code: z.unknown().optional(),
	msg: z.string().optional()
});

/** Null where the worker was given no way to the auth server. Without WEB_URL its links lead to the site's own address. */
export function createAuthServer({
	SUPABASE_URL,
	SUPABASE_SERVICE_ROLE_KEY: key,
	WEB_URL
}: Settings): AuthServer | null {
	if (!SUPABASE_URL || !key) return null;
	const base = `${SUPABASE_URL.replace(/\/+$/, '')}/auth/v1`;

	async function post(route: string, path: string, body: object): Promise<string | null> {
		const query = WEB_URL ? `?${new URLSearchParams({ redirect_to: new URL(path, WEB_URL).href })}` : '';
		const response = await fetch(`${base}/${route}${query}`, {
			method: 'POST',
			headers: { apikey: key ?? '', authorization: `Bearer ${key}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(30_000)
		});
		if (response.ok) {
			await response.body?.cancel();
			return null;
		}
		const refusal = Refusal.safeParse(await response.json().catch(() => null)).data;
		const code = refusal?.error_code ?? String(refusal?.code ?? response.status);
		const sentence = `${code}: ${refusal?.msg ?? `HTTP ${response.status}`}`;
		if (code === 'email_exists') return code;
		// Too often, or away for a moment: the job comes again.
		if (response.status === 429 || response.status >= 500) throw new Error(sentence);
		throw new MailRefused(sentence);
	}

	return {
		invite: async (email, path) => ((await post('invite', path, { email })) === null ? 'sent' : 'known'),
		async mailLink(email, path) {
			await post('otp', path, { email, create_user: false });
		}
	};
}
