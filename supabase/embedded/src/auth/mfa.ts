import { randomUUID } from 'node:crypto';
import { audit } from './audit.ts';
import { enrollBody, factorVerifyBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import { hasVerifiedFactor, isUuid, requireUser, type Caller } from './caller.ts';
import type { AuthContext } from './context.ts';
import { badRequest, forbidden, notFound, tooMany, unprocessable } from './errors.ts';
import { qrSvg } from './qr_code.ts';
import { answerTokens, grantRefreshToken, ipOrNull, recordMethod } from './sessions.ts';
import { createSecret, totpMatches, totpUri } from './totp.ts';

const CHALLENGE_SECONDS = 300;
const MAX_FACTORS = 10;

interface Factor {
	id: string;
	user_id: string;
	factor_type: string;
	status: 'verified' | 'unverified';
	secret: string | null;
}

/** `POST /factors`: a new authenticator app, with its secret and QR code; it counts once a code of it was shown. */
export async function enrollFactor(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(enrollBody);
	const caller = await requireUser(context, call);
	if (body.factor_type === 'phone')
		throw unprocessable('mfa_phone_enroll_not_enabled', 'MFA enroll is disabled for Phone');
	if (body.factor_type === 'webauthn')
		throw unprocessable('mfa_webauthn_enroll_not_enabled', 'MFA enroll is disabled for WebAuthn');
	if (body.factor_type !== 'totp')
		throw badRequest('validation_failed', 'factor_type needs to be totp, phone, or webauthn');

	const { user } = caller;
	const name = body.friendly_name ?? '';
	const sql = context.sql;
	await sql`delete from auth.mfa_factors where user_id = ${user.id} and status = 'unverified' and created_at < now() - interval '5 minutes'`;
	const factors = await sql<
		{ friendly_name: string | null }[]
	>`select friendly_name from auth.mfa_factors where user_id = ${user.id}`;
	const conflict = unprocessable(
		'mfa_factor_name_conflict',
		`A factor with the friendly name ${JSON.stringify(name)} for this user already exists`
	);
	if (factors.some((factor) => (factor.friendly_name ?? '') === name)) throw conflict;
	if (factors.length >= MAX_FACTORS) {
		throw unprocessable(
			'too_many_enrolled_mfa_factors',
			'Maximum number of verified factors reached, unenroll to continue'
		);
	}
	if (caller.aal !== 'aal2' && (await hasVerifiedFactor(context, user.id))) {
		throw forbidden('insufficient_aal', 'AAL2 required to enroll a new factor');
	}

	const id = randomUUID();
	const secret = createSecret();
	const uri = totpUri({
		issuer: body.issuer || new URL(context.settings.siteUrl).host,
		account: user.email ?? user.id,
		secret
	});
	await sql`
		insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, secret, created_at, updated_at)
		values (${id}, ${user.id}, ${name}, 'totp', 'unverified', ${secret}, now(), now())`.catch(
		(error: { code?: string }) => {
			throw error.code === '23505' ? conflict : error;
		}
	);
	await audit(sql, 'factor_in_progress', user, call.ip, { factor_id: id });
	return { body: { id, type: 'totp', friendly_name: name, totp: { qr_code: qrSvg(uri), secret, uri } } };
}

/** `POST /factors/:id/challenge`: opens five minutes in which a code may be shown. */
export async function challengeFactor(context: AuthContext, call: Call): Promise<Reply> {
	const caller = await requireUser(context, call);
	const factor = await findFactor(context, caller, call);
	const id = randomUUID();
	await context.sql`
		insert into auth.mfa_challenges (id, factor_id, created_at, ip_address)
		values (${id}, ${factor.id}, now(), ${ipOrNull(call.ip) ?? '0.0.0.0'})`;
	await context.sql`update auth.mfa_factors set last_challenged_at = clock_timestamp() where id = ${factor.id}`;
	await audit(context.sql, 'challenge_created', caller.user, call.ip, {
		factor_id: factor.id,
		factor_status: factor.status
	});
	return { body: { id, type: factor.factor_type, expires_at: Math.floor(Date.now() / 1000) + CHALLENGE_SECONDS } };
}

/** `POST /factors/:id/verify`: the right code lifts this session to aal2 and ends the user's sessions that are not. */
export async function verifyFactor(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(factorVerifyBody);
	const caller = await requireUser(context, call);
	const factor = await findFactor(context, caller, call);
	const { user, sessionId } = caller;
	if (!sessionId) throw forbidden('session_not_found', 'Session from session_id claim in JWT does not exist');
	const refuseTooMany = () => {
		if (context.limits.failedCode.wait(factor.id) > 0)
			throw tooMany('over_request_rate_limit', 'Request rate limit reached');
	};
	refuseTooMany();

	const challengeId = isUuid(body.challenge_id) ? body.challenge_id : null;
	const refreshToken = await context.sql.begin(async (tx) => {
		const [challenge] = await tx<{ expired: boolean }[]>`
			select created_at < now() - make_interval(secs => ${CHALLENGE_SECONDS}) as expired
			from auth.mfa_challenges
			where id = ${challengeId} and factor_id = ${factor.id} and verified_at is null
			for update`;
		if (!challenge) throw notFound('mfa_factor_not_found', 'MFA factor with the provided challenge ID not found');
		if (challenge.expired) {
			throw unprocessable(
				'mfa_challenge_expired',
				'MFA challenge expired, verify against another challenge or create a new challenge.'
			);
		}
		refuseTooMany(); // those that waited for the same challenge were let in before its failures were counted
		// One code is good once: whoever has looked over a shoulder, or sits on the line, can't use it after. The factor's
		// lock makes two challenges with the same code take turns.
		await tx`select from auth.mfa_factors where id = ${factor.id} for update`;
		const [used] = await tx`
			select from auth.mfa_challenges
			where factor_id = ${factor.id} and otp_code = ${body.code ?? ''} and verified_at > now() - interval '2 minutes'`;
		if (used || !factor.secret || !totpMatches(factor.secret, body.code ?? '')) {
			context.limits.failedCode.count(factor.id);
			throw unprocessable('mfa_verification_failed', 'Invalid TOTP code entered');
		}
		await tx`update auth.mfa_challenges set verified_at = now(), otp_code = ${body.code ?? ''} where id = ${challengeId}`;
		await tx`update auth.mfa_factors set status = 'verified', updated_at = now() where id = ${factor.id}`;
		await tx`delete from auth.mfa_factors where user_id = ${user.id} and status = 'unverified'`;
		await tx`update auth.sessions set aal = 'aal2', factor_id = ${factor.id}, updated_at = now() where id = ${sessionId}`;
		await tx`delete from auth.sessions where user_id = ${user.id} and id <> ${sessionId} and aal = 'aal1'`;
		await recordMethod(tx, sessionId, 'totp');
		await audit(tx, 'verification_attempted', user, call.ip, { factor_id: factor.id });
		const [current] = await tx<{ token: string }[]>`
			select token from auth.refresh_tokens where session_id = ${sessionId} and not revoked order by id desc limit 1`;
		return grantRefreshToken(tx, user.id, sessionId, current?.token ?? null);
	});
	context.limits.failedCode.forget(factor.id);
	return { body: await answerTokens(context, context.sql, user.id, sessionId, refreshToken) };
}

/** `DELETE /factors/:id`: takes a factor away; a verified one only from a session that has shown it. */
export async function unenrollFactor(context: AuthContext, call: Call): Promise<Reply> {
	const caller = await requireUser(context, call);
	const factor = await findFactor(context, caller, call);
	if (factor.status === 'verified' && caller.aal !== 'aal2') {
		throw unprocessable('insufficient_aal', 'AAL2 required to unenroll verified factor');
	}
	await context.sql.begin(async (tx) => {
		await tx`delete from auth.mfa_factors where id = ${factor.id}`;
		await tx`update auth.sessions set aal = 'aal1', factor_id = null where factor_id = ${factor.id}`;
		await audit(tx, 'factor_deleted', caller.user, call.ip, { factor_id: factor.id });
	});
	return { body: { id: factor.id } };
}

/** The caller's own factor named in the path; another person's is as unknown as none. */
async function findFactor(context: AuthContext, { user }: Caller, call: Call): Promise<Factor> {
	const [factor] = await context.sql<Factor[]>`
		select id, user_id, factor_type, status, secret
		from auth.mfa_factors
		where id::text = ${call.params['factor'] ?? ''} and user_id = ${user.id}`;
	if (!factor) throw notFound('mfa_factor_not_found', 'Factor not found');
	return factor;
}
