import type { Claims } from '../jwt.ts';
import type { Call } from './call.ts';
import type { AuthContext } from './context.ts';
import { forbidden } from './errors.ts';
import { findById, type User } from './users.ts';

export interface Caller {
	readonly user: User;
	/** Null for a token that was made without a session. */
	readonly sessionId: string | null;
	readonly aal: string;
	readonly claims: Claims;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text from outside may be compared with an id. */
export const isUuid = (text: unknown): text is string => typeof text === 'string' && UUID.test(text);

/** The signed-in user behind a call. A token whose session has ended speaks for nobody: `session_not_found`. */
export async function requireUser(context: AuthContext, call: Call): Promise<Caller> {
	const claims = await call.claims();
	if (!claims.sub) throw forbidden('bad_jwt', 'invalid claim: missing sub claim');
	if (!isUuid(claims.sub)) throw forbidden('bad_jwt', 'invalid claim: sub claim must be a UUID');

	const user = await findById(context.sql, claims.sub);
	if (!user) throw forbidden('user_not_found', 'User from sub claim in JWT does not exist');
	const sessionId = claims['session_id'];
	if (sessionId === undefined || sessionId === '') return { user, sessionId: null, aal: 'aal1', claims };

	const [session] = isUuid(sessionId)
		? await context.sql<{ aal: string | null }[]>`
			select aal from auth.sessions where id = ${sessionId} and user_id = ${user.id}`
		: [];
	if (!session) throw forbidden('session_not_found', 'Session from session_id claim in JWT does not exist');
	return { user, sessionId: String(sessionId), aal: session.aal ?? 'aal1', claims };
}

/** Lets only the service key through: `not_admin` for everybody else. */
export async function requireAdmin(call: Call): Promise<void> {
	const { role } = await call.claims();
	if (role !== 'service_role' && role !== 'supabase_admin') throw forbidden('not_admin', 'User not allowed');
}

export const hasVerifiedFactor = async (context: AuthContext, userId: string): Promise<boolean> => {
	const [row] = await context.sql<[{ found: boolean }]>`
		select exists (select from auth.mfa_factors where user_id = ${userId} and status = 'verified') as found`;
	return row.found;
};
