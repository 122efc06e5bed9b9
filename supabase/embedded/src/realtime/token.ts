import { JwtError, type Claims, type Jwt } from '../jwt.ts';

/** The claims of somebody who may use Realtime: a database role, and an end. */
export type Bearer = Claims & { role: string; exp: number };

/** Why a token won't do, in the words of Supabase's own server. */
export class TokenRefused extends Error {
	override name = 'TokenRefused';
	readonly code: 'MalformedJWT' | 'JwtSignatureError' | 'InvalidJWTToken';
	constructor(code: TokenRefused['code'], message: string) {
		super(message);
		this.code = code;
	}
}

const now = () => Math.floor(Date.now() / 1000);

/** Who a token speaks for; throws TokenRefused. */
export async function readToken(jwt: Jwt, token: string): Promise<Bearer> {
	const claims = await jwt.verify(token).catch((error: unknown) => {
		throw explain(error, token);
	});
	const { role, exp } = claims;
	if (typeof role !== 'string' || typeof exp !== 'number')
		throw new TokenRefused('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT');
	if (exp <= now()) throw expired(exp);
	return { ...claims, role, exp };
}

function explain(error: unknown, token: string): unknown {
	if (!(error instanceof JwtError)) return error;
	if (error.reason === 'expired') return expired(endOf(token));
	if (error.reason === 'signature') return new TokenRefused('JwtSignatureError', 'Failed to validate JWT signature');
	if (error.reason === 'claims') return new TokenRefused('InvalidJWTToken', error.message);
	return new TokenRefused('MalformedJWT', 'The token provided is not a valid JWT');
}

function expired(exp: number): TokenRefused {
	return new TokenRefused('InvalidJWTToken', `Token has expired ${now() - exp} seconds ago`);
}

/** Only of a token whose signature held. */
function endOf(token: string): number {
	return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }).exp;
}
