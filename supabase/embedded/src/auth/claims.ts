import type { Claims } from '../jwt.ts';
import type { AuthContext } from './context.ts';
import type { Db } from './database.ts';
import { AuthError } from './errors.ts';
import type { User } from './users.ts';

/** How a session was proven, newest first. */
interface MethodRow {
	method: string;
	timestamp: number;
}

const HOOK = 'public.custom_access_token_hook(jsonb)';
/** What a hook has to leave in place; GoTrue refuses its answer otherwise. */
const REQUIRED = ['aud', 'exp', 'iat', 'sub', 'email', 'phone', 'role', 'aal', 'session_id', 'is_anonymous'];

/**
 * The claims of an access token for a session, as GoTrue makes them, after the project's custom access token hook has
 * had its say. A hook that answers an error, fails, or drops a required claim stops the sign-in.
 */
export async function makeClaims(context: AuthContext, db: Db, user: User, sessionId: string): Promise<Claims> {
	const [session] = await db<{ aal: string | null }[]>`select aal from auth.sessions where id = ${sessionId}`;
	const methods = await db<MethodRow[]>`
		select authentication_method as method, floor(extract(epoch from updated_at))::integer as timestamp
		from auth.mfa_amr_claims
		where session_id = ${sessionId}
		order by updated_at desc`;
	const issuedAt = Math.floor(Date.now() / 1000);
	const claims: Claims = {
		iss: `${context.settings.apiUrl}/auth/v1`,
		sub: user.id,
		aud: user.aud ?? 'authenticated',
		exp: issuedAt + context.settings.jwtExp,
		iat: issuedAt,
		email: user.email ?? '',
		phone: user.phone ?? '',
		app_metadata: user.raw_app_meta_data ?? {},
		user_metadata: user.raw_user_meta_data ?? {},
		role: user.role ?? 'authenticated',
		aal: session?.aal ?? 'aal1',
		amr: methods.map(({ method, timestamp }) => ({ method, timestamp })),
		session_id: sessionId,
		is_anonymous: user.is_anonymous
	};
	return runHook(db, user, claims, methods[0]?.method ?? 'password');
}

async function runHook(db: Db, user: User, claims: Claims, method: string): Promise<Claims> {
	const [hook] = await db<[{ there: boolean }]>`select to_regprocedure(${HOOK}) is not null as there`;
	if (!hook.there) return claims;

	const event = JSON.stringify({ user_id: user.id, claims, authentication_method: method });
	const [answer] = await db<{ output: unknown }[]>`
		select public.custom_access_token_hook(${event}::text::jsonb) as output`;
	const output = answer?.output as { claims?: Claims; error?: { http_code?: number; message?: string } } | null;
	if (output?.error) {
		const status = output.error.http_code;
		const known = typeof status === 'number' && status >= 400 && status < 600;
		throw new AuthError(
			known ? status : 500,
			'unexpected_failure',
			output.error.message ?? 'The access token hook refused'
		);
	}
	const missing = REQUIRED.filter((claim) => output?.claims?.[claim] === undefined);
	if (!output?.claims || missing.length > 0) {
		throw new AuthError(
			500,
			'unexpected_failure',
			`output claims do not conform to the expected schema: ${missing.join(', ')} is required`
		);
	}
	return output.claims;
}
