import { audit } from './audit.ts';
import { verifyBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import type { AuthContext } from './context.ts';
import type { Db } from './database.ts';
import { agreeToEmailChange } from './email_change.ts';
import { AuthError, badRequest, forbidden, toAuthError, tooMany } from './errors.ts';
import { issueCode } from './flow_state.ts';
import { hashOtp, isVerificationType, PKCE_PREFIX, takeToken, type VerificationType } from './one_time_tokens.ts';
import type { Limit } from './rate_limit.ts';
import { safeRedirect, withFragment, withQuery } from './redirect.ts';
import { openSession, type Tokens } from './sessions.ts';
import { confirmEmail, findById, isBanned, normalizeEmail, type User } from './users.ts';

/** Said when one of the two addresses of an e-mail change has agreed. */
const HALF_WAY = 'Confirmation link accepted. Please proceed to confirm link sent to the other email';

/** How a session says it came about when a PKCE flow began it. */
const FLOW_METHODS: Record<VerificationType, string> = {
	signup: 'email/signup',
	invite: 'invite',
	recovery: 'recovery',
	magiclink: 'magiclink',
	email: 'magiclink',
	email_change: 'email_change'
};

/** `POST /verify`: a code typed in, or a token hash handed on by a server, becomes a session. */
export async function verifyCode(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(verifyBody);
	const type = readType(body.type);
	const { hashes, guesser } = readHashes(body, call.ip);
	const [limit, key] = guesser ? [context.limits.failedCode, guesser] : [context.limits.failedLink, call.ip];
	const tokens = await withoutGuessing(limit, key, (refuseTooMany) =>
		context.sql.begin(async (tx) => {
			const user = await proveToken(tx, type, hashes, call.ip, 'Token has expired or is invalid');
			refuseTooMany();
			return user && openSession(context, tx, user, 'otp', call);
		})
	);
	return { body: tokens ?? { msg: HALF_WAY, code: '200' } };
}

/** `GET /verify`: a link opened from a mail. Answers with a redirect that carries the session, a PKCE code, or the error. */
export async function verifyLink(context: AuthContext, call: Call): Promise<Reply> {
	const redirectTo = safeRedirect(call.query.get('redirect_to'), context.settings);
	const hash = call.query.get('token') ?? '';
	const pkce = hash.startsWith(PKCE_PREFIX);
	try {
		const type = readType(call.query.get('type'));
		if (!hash) throw badRequest('validation_failed', 'Verify requires a token or a token hash');
		const outcome = await withoutGuessing(context.limits.failedLink, call.ip, (refuseTooMany) =>
			context.sql.begin(async (tx): Promise<Tokens | string | null> => {
				const user = await proveToken(tx, type, [hash], call.ip, 'Email link is invalid or has expired');
				refuseTooMany();
				if (!user) return null;
				if (!pkce) return openSession(context, tx, user, 'otp', call);
				const code = await issueCode(tx, user.id, FLOW_METHODS[type]);
				if (!code) throw forbidden('flow_state_not_found', 'No valid flow state found for user.');
				return code;
			})
		);
		if (outcome === null)
			return redirect(
				withFragment(pkce ? withQuery(redirectTo, { message: HALF_WAY }) : redirectTo, { message: HALF_WAY })
			);
		if (typeof outcome === 'string') return redirect(withQuery(redirectTo, { code: outcome }));
		return redirect(
			withFragment(redirectTo, {
				access_token: outcome.access_token,
				expires_at: String(outcome.expires_at),
				expires_in: String(outcome.expires_in),
				refresh_token: outcome.refresh_token,
				token_type: outcome.token_type,
				type
			})
		);
	} catch (error) {
		const { code, status, message } = toAuthError(error);
		const values = {
			error: status >= 500 ? 'server_error' : status === 400 ? 'invalid_request' : 'access_denied',
			error_code: code,
			error_description: message
		};
		return redirect(withFragment(pkce ? withQuery(redirectTo, values) : redirectTo, values));
	}
}

/**
 * Runs `work`, unless too many proofs of this key have failed. `work` asks again once it has looked: of many guesses sent
 * at once, none after the limit may learn that it was right.
 */
async function withoutGuessing<T>(
	limit: Limit,
	key: string,
	work: (refuseTooMany: () => void) => Promise<T>
): Promise<T> {
	const refuseTooMany = () => {
		if (limit.wait(key) > 0) throw tooMany('over_request_rate_limit', 'Request rate limit reached');
	};
	refuseTooMany();
	try {
		return await work(refuseTooMany);
	} catch (error) {
		if (error instanceof AuthError && error.code === 'otp_expired') limit.count(key);
		throw error;
	}
}

/** The user a token belongs to, with what it proves written down; null while an e-mail change waits for the other address. */
async function proveToken(
	tx: Db,
	type: VerificationType,
	hashes: readonly string[],
	ip: string,
	sentence: string
): Promise<User | null> {
	const token = await takeToken(tx, type, hashes);
	const user = token && (await findById(tx, token.user_id));
	if (!token || !user) throw forbidden('otp_expired', sentence);
	if (isBanned(user)) throw forbidden('user_banned', 'User is banned');
	if (type === 'email_change') {
		if (!(await agreeToEmailChange(tx, user))) return null;
		await audit(tx, 'user_modified', user, ip);
		return (await findById(tx, user.id)) ?? null;
	}
	await audit(tx, user.email_confirmed_at ? 'login' : 'user_signedup', user, ip, { provider: 'email' });
	return user.email_confirmed_at ? user : confirmEmail(tx, user.id);
}

function readType(type: string | null | undefined): VerificationType {
	if (!type) throw badRequest('validation_failed', 'Verify requires a verification type');
	if (!isVerificationType(type)) throw badRequest('validation_failed', 'Invalid email verification type');
	return type;
}

/** The hashes a request may mean, and whose code is guessed at when it names an address and six digits. */
function readHashes(
	{
		token,
		token_hash,
		email
	}: { token?: string | null | undefined; token_hash?: string | null | undefined; email?: string | null | undefined },
	ip: string
): { hashes: string[]; guesser: string | null } {
	if (token_hash) {
		if (email || token) throw badRequest('validation_failed', 'Only the token_hash and type should be provided');
		return { hashes: [token_hash], guesser: null };
	}
	if (!token) throw badRequest('validation_failed', 'Verify requires a token or a token hash');
	if (!email)
		throw badRequest('validation_failed', 'Only an email address or phone number should be provided on verify');
	const address = normalizeEmail(email);
	const hash = hashOtp(address, token.replaceAll('-', ''));
	return { hashes: [hash, `${PKCE_PREFIX}${hash}`], guesser: `${ip} ${address}` };
}

const redirect = (location: string): Reply => ({ status: 303, headers: { location } });
