import { JwtError, type Claims } from '../../jwt.ts';
import type { RequestContext } from '../../service.ts';
import { RestError } from '../errors.ts';

export const ANONYMOUS = 'anon';

/** The role a request runs as, and its claims. Throws PGRST301 or PGRST303 (401) when the token doesn't hold. */
export async function identify(context: RequestContext): Promise<{ role: string; claims: Claims }> {
	let claims: Claims | null;
	try {
		claims = await context.claims();
	} catch (error) {
		if (error instanceof JwtError) throw explain(error, context.token ?? '');
		throw error;
	}
	const role: unknown = claims?.role ?? ANONYMOUS;
	if (typeof role !== 'string' || role === '' || role === 'none')
		throw unauthorized('PGRST303', 'The JWT role claim must name a role');
	return { role, claims: claims ?? { role } };
}

function explain(error: JwtError, token: string): RestError {
	if (error.reason === 'expired') return unauthorized('PGRST303', 'JWT expired');
	if (error.reason === 'claims') {
		const claim = /"(exp|nbf|iat)" claim must be a number/.exec(error.message)?.[1];
		if (claim) return unauthorized('PGRST303', `The JWT '${claim}' claim must be a number`);
		return unauthorized('PGRST303', /"nbf"/.test(error.message) ? 'JWT not yet valid' : error.message);
	}
	const parts = token.split('.').length;
	if (parts !== 3) return unauthorized('PGRST301', `Expected 3 parts in JWT; got ${parts}`);
	return unauthorized('PGRST301', 'No suitable key or wrong key type', 'None of the keys was able to decode the JWT');
}

function unauthorized(code: string, message: string, details: string | null = null): RestError {
	return new RestError(401, code, message, {
		details,
		headers: { 'WWW-Authenticate': `Bearer error="invalid_token", error_description=${JSON.stringify(message)}` }
	});
}
