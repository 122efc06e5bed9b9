import { randomBytes, randomUUID } from 'node:crypto';
import type { Call } from './call.ts';
import type { AuthContext } from './context.ts';
import type { Db } from './database.ts';
import { badRequest } from './errors.ts';
import { makeClaims } from './claims.ts';
import { viewUser } from './user_view.ts';
import { findById, isBanned, type User } from './users.ts';

export type AuthenticationMethod = string;

/** Seconds in which a refresh token that was just exchanged still answers the one it was exchanged for. */
const REUSE_INTERVAL = 10;

/** Opens a session for the user, proven by `method`, and answers its tokens. */
export async function openSession(context: AuthContext, db: Db, user: User, method: AuthenticationMethod, call: Call) {
	if (isBanned(user)) throw badRequest('user_banned', 'User is banned');
	const sessionId = randomUUID();
	await db`
		insert into auth.sessions (id, user_id, aal, user_agent, ip, created_at, updated_at)
		values (${sessionId}, ${user.id}, 'aal1', ${call.userAgent}, ${ipOrNull(call.ip)}, now(), now())`;
	await recordMethod(db, sessionId, method);
	const refreshToken = await grantRefreshToken(db, user.id, sessionId, null);
	await db`update auth.users set last_sign_in_at = now(), updated_at = now() where id = ${user.id}`;
	return answerTokens(context, db, user.id, sessionId, refreshToken);
}

/** Writes down that the session was proven by `method`, now. */
export async function recordMethod(db: Db, sessionId: string, method: AuthenticationMethod): Promise<void> {
	await db`
		insert into auth.mfa_amr_claims (id, session_id, authentication_method, created_at, updated_at)
		values (${randomUUID()}, ${sessionId}, ${method}, now(), now())
		on conflict (session_id, authentication_method) do update set updated_at = now()`;
}

/** An access token response for the session: what signing in, refreshing and verifying answer. */
export async function answerTokens(
	context: AuthContext,
	db: Db,
	userId: string,
	sessionId: string,
	refreshToken: string
) {
	const user = await findById(db, userId);
	if (!user) throw badRequest('user_not_found', 'User not found');
	const claims = await makeClaims(context, db, user, sessionId);
	return {
		access_token: await context.jwt.sign(claims),
		token_type: 'bearer',
		expires_in: context.settings.jwtExp,
		expires_at: claims.exp,
		refresh_token: refreshToken,
		user: await viewUser(db, user)
	};
}

export type Tokens = Awaited<ReturnType<typeof answerTokens>>;

/** A new refresh token for the session, in place of `parent`. */
export async function grantRefreshToken(
	db: Db,
	userId: string,
	sessionId: string,
	parent: string | null
): Promise<string> {
	const token = randomBytes(18).toString('base64url');
	if (parent !== null) {
		await db`update auth.refresh_tokens set revoked = true, updated_at = now() where session_id = ${sessionId} and not revoked`;
	}
	await db`
		insert into auth.refresh_tokens (instance_id, token, user_id, session_id, parent, revoked, created_at, updated_at)
		values ('00000000-0000-0000-0000-000000000000', ${token}, ${userId}, ${sessionId}, ${parent}, false, now(), now())`;
	return token;
}

interface RefreshRow {
	token: string;
	user_id: string;
	session_id: string;
	revoked: boolean;
	idle: boolean;
	just_used: boolean;
}

/** What became of an offered refresh token. */
type Exchange = { tokens: Tokens } | { refused: Refusal };
type Refusal = 'unknown' | 'used' | 'expired' | 'banned';

/**
 * Exchanges a refresh token for the next one. A token is good once: offered again within ten seconds (two tabs, a lost
 * answer) it gives the session's current token; later it is taken as stolen and the whole session ends.
 */
export async function exchangeRefreshToken(context: AuthContext, offered: string): Promise<Tokens> {
	const outcome = await context.sql.begin(async (tx): Promise<Exchange> => {
		const [row] = await tx<RefreshRow[]>`
			select token.token, session.user_id, token.session_id, token.revoked,
				token.updated_at > now() - make_interval(secs => ${REUSE_INTERVAL}) as just_used,
				token.created_at < now() - make_interval(days => ${context.settings.refreshTokenDays})
					or coalesce(session.not_after < now(), false) as idle
			from auth.refresh_tokens as token
			join auth.sessions as session on session.id = token.session_id
			where token.token = ${offered}
			for update of session`;
		if (!row) return { refused: 'unknown' };
		const user = await findById(tx, row.user_id);
		if (!user) return { refused: 'unknown' };
		if (isBanned(user)) return { refused: 'banned' };

		// The session's row was locked while another exchange of the same token may have gone through: look again.
		const [now] = await tx<{ revoked: boolean; just_used: boolean }[]>`
			select revoked, updated_at > clock_timestamp() - make_interval(secs => ${REUSE_INTERVAL}) as just_used
			from auth.refresh_tokens
			where token = ${offered}`;
		if (!now) return { refused: 'unknown' };
		if (now.revoked) {
			const [current] = await tx<{ token: string }[]>`
				select token from auth.refresh_tokens where session_id = ${row.session_id} and not revoked order by id desc limit 1`;
			if (current && now.just_used) {
				return { tokens: await answerTokens(context, tx, user.id, row.session_id, current.token) };
			}
			await tx`update auth.refresh_tokens set revoked = true, updated_at = now() where session_id = ${row.session_id} and not revoked`;
			await tx`delete from auth.sessions where id = ${row.session_id}`;
			return { refused: 'used' };
		}
		if (row.idle) {
			await tx`delete from auth.sessions where id = ${row.session_id}`;
			return { refused: 'expired' };
		}
		const token = await grantRefreshToken(tx, user.id, row.session_id, offered);
		await tx`update auth.sessions set refreshed_at = now() at time zone 'utc', updated_at = now() where id = ${row.session_id}`;
		return { tokens: await answerTokens(context, tx, user.id, row.session_id, token) };
	});

	if ('refused' in outcome) throw refusal(outcome.refused);
	return outcome.tokens;
}

function refusal(reason: Refusal) {
	switch (reason) {
		case 'unknown':
			return badRequest('refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found');
		case 'used':
			return badRequest('refresh_token_already_used', 'Invalid Refresh Token: Already Used');
		case 'expired':
			return badRequest('session_expired', 'Invalid Refresh Token: Session Expired (Inactivity)');
		case 'banned':
			return badRequest('user_banned', 'Invalid Refresh Token: User Banned');
	}
}

export type LogoutScope = 'global' | 'local' | 'others';

/** Ends the user's sessions: all, this one, or all but this one. Their refresh tokens go with them. */
export async function endSessions(db: Db, userId: string, sessionId: string | null, scope: LogoutScope): Promise<void> {
	if (scope === 'global' || sessionId === null) await db`delete from auth.sessions where user_id = ${userId}`;
	else if (scope === 'local') await db`delete from auth.sessions where user_id = ${userId} and id = ${sessionId}`;
	else await db`delete from auth.sessions where user_id = ${userId} and id <> ${sessionId}`;
}

/** The caller's address for an inet column. */
export function ipOrNull(ip: string): string | null {
	return /^[0-9a-f.:]+$/i.test(ip) ? ip : null;
}
