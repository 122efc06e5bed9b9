import { audit } from './audit.ts';
import { userBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import { hasVerifiedFactor, requireUser, type Caller } from './caller.ts';
import type { AuthContext } from './context.ts';
import { sendEmailChange } from './email_change.ts';
import { AuthError, badRequest, forbidden, unprocessable } from './errors.ts';
import { readChallenge } from './flow_state.ts';
import { limitMails } from './mails.ts';
import { checkStrength, hashPassword, verifyPassword } from './password.ts';
import { requireReauthentication } from './reauthentication.ts';
import { safeRedirect } from './redirect.ts';
import { endSessions, type LogoutScope } from './sessions.ts';
import { viewUser } from './user_view.ts';
import { confirmEmail, findByEmail, findById, normalizeEmail, setEmail, setMetadata, setPassword } from './users.ts';

/** `GET /user` */
export async function getUser(context: AuthContext, call: Call): Promise<Reply> {
	const { user } = await requireUser(context, call);
	return { body: await viewUser(context.sql, user) };
}

/**
 * `PUT /user`: own metadata and password at once; another e-mail address after the mails are confirmed. Someone with a
 * second factor has to have shown it for password and address.
 */
export async function updateUser(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(userBody);
	const caller = await requireUser(context, call);
	const { user } = caller;
	const email = body.email ? normalizeEmail(body.email) : null;
	const changesEmail = email !== null && email !== user.email;
	const challenge = readChallenge(body);

	if (body.phone) throw badRequest('phone_provider_disabled', 'Phone logins are disabled');
	if (body.app_metadata) throw forbidden('not_admin', 'Updating app_metadata requires admin privileges');
	if (body.password && user.is_anonymous && !email) {
		throw unprocessable(
			'validation_failed',
			'Updating password of an anonymous user without an email or phone is not allowed'
		);
	}
	if ((body.password || changesEmail) && caller.aal !== 'aal2' && (await hasVerifiedFactor(context, user.id))) {
		throw new AuthError(
			401,
			'insufficient_aal',
			'AAL2 session is required to update email or password when MFA is enabled.'
		);
	}
	if (changesEmail && (await findByEmail(context.sql, email))) {
		throw unprocessable('email_exists', 'A user with this email address has already been registered');
	}
	if (body.password !== undefined && body.password !== null) {
		await requireReauthentication(context, caller, body.nonce ?? '');
		await changePassword(context, call, caller, body.password);
	}
	if (body.data) await setMetadata(context.sql, user, { user: body.data });
	if (changesEmail) await changeEmail(context, call, caller, email, challenge);

	const updated = await findById(context.sql, user.id);
	await audit(context.sql, 'user_modified', user, call.ip);
	return { body: await viewUser(context.sql, updated ?? user) };
}

async function changePassword(
	context: AuthContext,
	call: Call,
	{ user, sessionId }: Caller,
	password: string
): Promise<void> {
	checkStrength(password, context.settings.passwordLength);
	if (await verifyPassword(context.sql, user.encrypted_password, password)) {
		throw unprocessable('same_password', 'New password should be different from the old password.');
	}
	const hash = await hashPassword(context.sql, password);
	await context.sql.begin(async (tx) => {
		await setPassword(tx, user.id, hash, sessionId);
		await audit(tx, 'user_updated_password', user, call.ip);
	});
}

async function changeEmail(
	context: AuthContext,
	call: Call,
	{ user }: Caller,
	email: string,
	challenge: ReturnType<typeof readChallenge>
): Promise<void> {
	if (user.is_anonymous && context.settings.autoconfirm) {
		await context.sql.begin(async (tx) => {
			await setEmail(tx, user.id, email);
			await confirmEmail(tx, user.id);
		});
		return;
	}
	limitMails(context, email);
	await sendEmailChange(context, user, email, challenge, safeRedirect(call.query.get('redirect_to'), context.settings));
}

const SCOPES = new Set(['global', 'local', 'others']);

/** `POST /logout?scope=…`: ends sessions at once: their access tokens stop at `GET /user`, their refresh tokens everywhere. */
export async function logOut(context: AuthContext, call: Call): Promise<Reply> {
	const scope = call.query.get('scope') ?? 'global';
	if (!SCOPES.has(scope)) throw badRequest('validation_failed', `Unsupported logout scope "${scope}"`);
	const { user, sessionId } = await requireUser(context, call);
	await context.sql.begin(async (tx) => {
		await endSessions(tx, user.id, sessionId, scope as LogoutScope);
		await audit(tx, 'logout', user, call.ip);
	});
	return { status: 204 };
}
