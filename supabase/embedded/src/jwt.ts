import { createHash } from 'node:crypto';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';

/** What a token says of its bearer. `role` is a database role; everything else rides along to Postgres. */
export type Claims = JWTPayload & { role?: string; [claim: string]: unknown };

/** Why a token was refused; each service words it as its original does. */
export class JwtError extends Error {
	override name = 'JwtError';
	readonly reason: 'malformed' | 'signature' | 'expired' | 'claims';
	constructor(reason: JwtError['reason'], message: string) {
		super(message);
		this.reason = reason;
	}
}

export interface Jwt {
	sign(claims: Claims): Promise<string>;
	/** The claims of a token that is whole, signed by us and in its time; a JwtError otherwise. */
	verify(token: string): Promise<Claims>;
}

const CACHE_SIZE = 5_000;

/** HS256 tokens under one secret, as a project with legacy keys has them. Verified tokens are remembered until they expire. */
export function createJwt(secret: string): Jwt {
	const key = new TextEncoder().encode(secret);
	const verified = new Map<string, Claims>();

	return {
		sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key),

		async verify(token) {
			const digest = createHash('sha256').update(token).digest('base64');
			const known = verified.get(digest);
			if (known && (known.exp === undefined || known.exp > Date.now() / 1000)) return known;
			verified.delete(digest);

			const claims = await jwtVerify<Claims>(token, key, { algorithms: ['HS256'] }).then(
				({ payload }) => payload,
				(error) => {
					throw explain(error);
				}
			);
			if (verified.size >= CACHE_SIZE) verified.clear();
			verified.set(digest, claims);
			return claims;
		}
	};
}

function explain(error: unknown): JwtError {
	if (error instanceof errors.JWTExpired) return new JwtError('expired', 'JWT expired');
	if (error instanceof errors.JWTClaimValidationFailed) return new JwtError('claims', error.message);
	if (error instanceof errors.JWSSignatureVerificationFailed)
		return new JwtError('signature', 'JWT signature is wrong');
	return new JwtError('malformed', error instanceof Error ? error.message : 'JWT is malformed');
}
