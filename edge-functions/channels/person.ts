/** Who is asking, and how they signed in: `aal2` has shown a second factor. The database decides what each may do. */
export interface Person {
	id: string;
	aal: 'aal2' | null;
}

/** Whose token this is. */
export type WhoIs = (authorization: string | null) => Promise<Person | null>;

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
		return typeof body.id === 'string' ? { id: body.id, aal: aalOf(authorization) } : null;
	};
}

/** What a token says of how its person signed in. Only of one that the sign-in service has just taken. */
function aalOf(token: string): Person['aal'] {
	try {
		const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
		const claims: unknown = JSON.parse(atob(payload));
		return typeof claims === 'object' && claims !== null && 'aal' in claims && claims.aal === 'aal2' ? 'aal2' : null;
	} catch {
		return null;
	}
}
