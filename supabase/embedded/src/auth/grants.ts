import { audit } from './audit.ts';
import { passwordGrantBody, pkceGrantBody, refreshGrantBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import type { AuthContext } from './context.ts';
import { AuthError, badRequest, tooMany } from './errors.ts';
import { redeemCode } from './flow_state.ts';
import { verifyPassword } from './password.ts';
import { exchangeRefreshToken, openSession } from './sessions.ts';
import { findByEmail, findById, isBanned } from './users.ts';

/** `POST /token?grant_type=…`: the three ways to a session. */
export async function grantToken(context: AuthContext, call: Call): Promise<Reply> {
	switch (call.query.get('grant_type')) {
		case 'password':
			return passwordGrant(context, call);
		case 'refresh_token':
			return refreshGrant(context, call);
		case 'pkce':
			return pkceGrant(context, call);
		default:
			throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type', { error: 'unsupported_grant_type' });
	}
}

/** One answer for an unknown address and a wrong password, after the same work, so neither tells who has an account. */
async function passwordGrant(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(passwordGrantBody);
	if (body.phone) throw badRequest('phone_provider_disabled', 'Phone logins are disabled');
	const email = (body.email ?? '').trim().toLowerCase();
	if (!email) throw badRequest('validation_failed', 'missing email or phone');

	const account = `${call.ip} ${email}`;
	const { failedAccount, failedPlace } = context.limits;
	const refuseTooMany = () => {
		if (failedAccount.wait(account) > 0 || failedPlace.wait(call.ip) > 0) {
			throw tooMany('over_request_rate_limit', 'Request rate limit reached');
		}
	};
	refuseTooMany();
	const user = await findByEmail(context.sql, email.replaceAll('\0', ''));
	const right = await verifyPassword(context.sql, user?.encrypted_password, body.password ?? '');
	// Asked again after the work: of many guesses sent at once, none after the limit may learn that it was right.
	refuseTooMany();
	if (!user || !right) {
		failedAccount.count(account);
		failedPlace.count(call.ip);
		throw badRequest('invalid_credentials', 'Invalid login credentials');
	}
	failedAccount.forget(account);
	if (isBanned(user)) throw badRequest('user_banned', 'User is banned');
	if (!user.email_confirmed_at) throw badRequest('email_not_confirmed', 'Email not confirmed');

	const tokens = await context.sql.begin(async (tx) => {
		await audit(tx, 'login', user, call.ip, { provider: 'email' });
		return openSession(context, tx, user, 'password', call);
	});
	return { body: tokens };
}

async function refreshGrant(context: AuthContext, call: Call): Promise<Reply> {
	const { refresh_token } = call.read(refreshGrantBody);
	if (!refresh_token) throw badRequest('validation_failed', 'refresh_token required');
	return { body: await exchangeRefreshToken(context, refresh_token) };
}

async function pkceGrant(context: AuthContext, call: Call): Promise<Reply> {
	const { auth_code, code_verifier } = call.read(pkceGrantBody);
	if (!auth_code || !code_verifier) {
		throw badRequest('validation_failed', 'invalid request: both auth code and code verifier should be non-empty');
	}
	const tokens = await context.sql.begin(async (tx) => {
		const { userId, method } = await redeemCode(tx, auth_code, code_verifier);
		const user = await findById(tx, userId);
		if (!user) throw badRequest('user_not_found', 'User not found');
		await audit(tx, 'login', user, call.ip, { provider: 'email' });
		return openSession(context, tx, user, method, call);
	});
	return { body: tokens };
}
