import { audit } from './audit.ts';
import { mailBody, otpBody, resendBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import type { AuthContext } from './context.ts';
import { badRequest, unprocessable } from './errors.ts';
import { sendEmailChange } from './email_change.ts';
import { readChallenge, startFlow, type Challenge } from './flow_state.ts';
import { limitMails, sendLink } from './mails.ts';
import { createToken } from './one_time_tokens.ts';
import { safeRedirect } from './redirect.ts';
import { confirmationToken } from './sign_up.ts';
import { createUser, findByEmail, normalizeEmail, type User } from './users.ts';

/** `POST /recover`: a mail to choose a new password. The answer never says whether the address is known. */
export async function recover(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(mailBody);
	if (!body.email) throw badRequest('validation_failed', 'Password recovery requires an email');
	const email = normalizeEmail(body.email);
	const challenge = readChallenge(body);
	limitMails(context, email);
	const user = await findByEmail(context.sql, email);
	if (user) await sendRecovery(context, call, user, 'recovery', challenge);
	return { body: {} };
}

/** `POST /otp`: a mail with a link and a code to sign in with; makes the user unless told not to. */
export async function sendOtp(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(otpBody);
	if (body.phone) throw badRequest('phone_provider_disabled', 'Unsupported phone provider');
	if (!body.email) throw badRequest('validation_failed', 'One of email or phone must be set');
	const email = normalizeEmail(body.email);
	const challenge = readChallenge(body);
	limitMails(context, email);

	const known = await findByEmail(context.sql, email);
	if (!known && (body.create_user === false || !context.settings.signUp))
		throw unprocessable('otp_disabled', 'Signups not allowed for otp');
	const user =
		known ??
		(await context.sql.begin((tx) =>
			createUser(tx, { email, userMetadata: body.data ?? {}, identityInMetadata: true })
		));
	await sendRecovery(context, call, user, 'magiclink', challenge);
	return { body: {} };
}

/** `POST /resend`: the confirmation or the e-mail change once more. Says nothing about who is waiting for one. */
export async function resend(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(resendBody);
	if (body.type !== 'signup' && body.type !== 'email_change') {
		throw badRequest('validation_failed', 'Missing one of these types: signup, email_change, sms, phone_change');
	}
	if (!body.email) throw badRequest('validation_failed', 'Type provided requires an email address');
	const email = normalizeEmail(body.email);
	const challenge = readChallenge(body);
	limitMails(context, email);
	const user = await findByEmail(context.sql, email);
	if (!user) return { body: {} };

	const redirectTo = safeRedirect(call.query.get('redirect_to'), context.settings);
	if (body.type === 'signup' && !user.email_confirmed_at) {
		const token = await context.sql.begin((tx) => confirmationToken(tx, user, challenge));
		await sendLink(context, { kind: 'confirmation', to: email, token, type: 'signup', redirectTo });
	}
	if (body.type === 'email_change' && user.email_change) {
		await sendEmailChange(context, user, user.email_change, challenge, redirectTo);
	}
	return { body: {} };
}

async function sendRecovery(
	context: AuthContext,
	call: Call,
	user: User,
	kind: 'recovery' | 'magiclink',
	challenge: Challenge | null
): Promise<void> {
	const token = await context.sql.begin(async (tx) => {
		await audit(tx, 'user_recovery_requested', user, call.ip);
		if (challenge) await startFlow(tx, user.id, kind, challenge);
		return createToken(tx, user.id, 'recovery_token', user.email ?? '', { pkce: challenge !== null });
	});
	const redirectTo = safeRedirect(call.query.get('redirect_to'), context.settings);
	await sendLink(context, { kind, to: user.email ?? '', token, type: kind, redirectTo });
}
