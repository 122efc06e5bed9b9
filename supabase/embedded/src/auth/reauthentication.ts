import { renderCodeMail } from '../mail/templates.ts';
import { audit } from './audit.ts';
import type { Call, Reply } from './call.ts';
import { requireUser, type Caller } from './caller.ts';
import type { AuthContext } from './context.ts';
import { badRequest, tooMany, unprocessable } from './errors.ts';
import { limitMails } from './mails.ts';
import { createToken, hashOtp, takeCode } from './one_time_tokens.ts';

/** `GET /reauthenticate`: mails the signed-in person a code, the proof that a change of password asks for. */
export async function reauthenticate(context: AuthContext, call: Call): Promise<Reply> {
	const { user } = await requireUser(context, call);
	const email = user.email ?? '';
	if (!email)
		throw badRequest('validation_failed', 'Reauthentication requires the user to have an email or a phone number');
	limitMails(context, email);
	const { otp } = await context.sql.begin(async (tx) => {
		await audit(tx, 'user_reauthenticate_requested', user, call.ip);
		return createToken(tx, user.id, 'reauthentication_token', email);
	});
	await context.mailer.send({ to: email, ...renderCodeMail(otp) });
	return { body: {} };
}

/** Lets a change of password pass: in a session of less than a day, or with the code that was mailed, which is used up. */
export async function requireReauthentication(
	context: AuthContext,
	{ user, sessionId }: Caller,
	nonce: string
): Promise<void> {
	if (!context.settings.securePasswordChange) return;
	const [session] = sessionId
		? await context.sql`select from auth.sessions where id = ${sessionId} and created_at > now() - interval '24 hours'`
		: [];
	if (session) return;
	if (nonce === '') throw badRequest('reauthentication_needed', 'Password update requires reauthentication');
	const { failedCode } = context.limits;
	const key = `reauthentication ${user.id}`;
	if (failedCode.wait(key) > 0) throw tooMany('over_request_rate_limit', 'Request rate limit reached');
	if (!(await takeCode(context.sql, user.id, 'reauthentication_token', hashOtp(user.email ?? '', nonce.trim())))) {
		failedCode.count(key);
		throw unprocessable('reauthentication_not_valid', 'Nonce has expired or is invalid');
	}
}
