import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ApiKeys } from '../keys.ts';

/** What a request showed: an API key of ours or not, and the token that speaks for it. */
export type Credentials =
	| { apikey: boolean; token: string | null }
	/** An API key was shown that is none of ours. */
	| { apikey: 'wrong' };

/**
 * Reads `apikey` (header or query) and `authorization`. The bearer's own token goes before the key's; a short key
 * (`sb_…`) sent as the bearer is the key itself, as supabase-js sends it while nobody is signed in.
 */
export function createCredentialReader(keys: ApiKeys): (request: IncomingMessage, url: URL) => Credentials {
	const known = [
		{ digest: digest(keys.anonKey), token: keys.anonKey },
		{ digest: digest(keys.serviceRoleKey), token: keys.serviceRoleKey },
		{ digest: digest(keys.publishableKey), token: keys.anonKey },
		{ digest: digest(keys.secretKey), token: keys.serviceRoleKey }
	];

	/** Compares with every key, in a time that tells nothing of how much of one was right. */
	function tokenOf(key: string): string | undefined {
		const shown = digest(key);
		let found: string | undefined;
		for (const { digest, token } of known) if (timingSafeEqual(digest, shown)) found = token;
		return found;
	}

	return (request, url) => {
		const bearer = bearerOf(request.headers.authorization);
		const bearerIsKey = bearer?.startsWith('sb_') ?? false;
		const header = request.headers['apikey'];
		const key =
			(typeof header === 'string' && header) || url.searchParams.get('apikey') || (bearerIsKey ? bearer : null);

		const keyToken = key ? tokenOf(key) : undefined;
		if (key && !keyToken) return { apikey: 'wrong' };
		if (!bearer) return { apikey: keyToken !== undefined, token: keyToken ?? null };
		if (!bearerIsKey) return { apikey: keyToken !== undefined, token: bearer };
		const bearerToken = tokenOf(bearer);
		return bearerToken ? { apikey: true, token: bearerToken } : { apikey: 'wrong' };
	};
}

function bearerOf(authorization: string | undefined): string | null {
	return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}

function digest(key: string): Buffer {
	return createHash('sha256').update(key).digest();
}
