/** Who is asking: the id of the person whose token this is. */
export type WhoIs = (authorization: string | null) => Promise<string | null>;

const TIMEOUT = 5_000;

/**
 * Has the sign-in service itself say whose token it is, so that an ended session, a removed person and every way of
 * signing tokens are seen to. Null: nobody. Throws while the service is away.
 */
export function whoIsAt(supabaseUrl: string, anonKey: string): WhoIs {
	return async (authorization) => {
		if (!authorization || !/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(authorization)) return null;
		const response = await fetch(`${supabaseUrl.replace(/\/+$/, '')}/auth/v1/user`, {
			headers: { authorization, apikey: anonKey },
			signal: AbortSignal.timeout(TIMEOUT)
		});
		if (response.status >= 500) throw new Error(`sign-in answers ${response.status}`);
		const body: unknown = await response.json().catch(() => null);
		if (!response.ok || typeof body !== 'object' || body === null || !('id' in body)) return null;
		return typeof body.id === 'string' ? body.id : null;
	};
}
