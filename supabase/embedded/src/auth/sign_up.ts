import { randomUUID } from 'node:crypto';
import { audit } from './audit.ts';
import { signUpBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import type { AuthContext } from './context.ts';
import { badRequest, unprocessable } from './errors.ts';
import { readChallenge, startFlow, type Challenge } from './flow_state.ts';
import { limitMails, sendLink } from './mails.ts';
import { createToken } from './one_time_tokens.ts';
import { checkStrength, hashPassword } from './password.ts';
import { safeRedirect } from './redirect.ts';
import { openSession } from './sessions.ts';
import { viewUser } from './user_view.ts';
import { confirmEmail, createUser, findByEmail, normalizeEmail, type Metadata, type User } from './users.ts';

/** `POST /signup`: a new person, with a session at once or after the mail is confirmed; anonymous without an address. */
export async function signUp(context: AuthContext, call: Call): Promise<Reply> {
	const body = call.read(signUpBody);
	if (!context.settings.signUp) throw unprocessable('signup_disabled', 'Signups not allowed for this instance');
	if (body.phone) throw badRequest('phone_provider_disabled', 'Phone signups are disabled');
	if (!body.email) return signUpAnonymously(context, call, body.data ?? {});

	const challenge = readChallenge(body);
	const email = normalizeEmail(body.email);
	if (!body.password) throw badRequest('validation_failed', 'Signup requires a valid password');
	checkStrength(body.password, context.settings.passwordLength);
	const { autoconfirm } = context.settings;
	if (!autoconfirm) limitMails(context, email);

	// Hashed before the look-up: a known address then takes as long as an unknown one.
	const passwordHash = await hashPassword(context.sql, body.password);
	const known = await findByEmail(context.sql, email);
	// Someone who was invited has to come by the invitation: what waits for them is not for the first who knows the address.
	if (known && (known.email_confirmed_at || (autoconfirm && known.invited_at))) {
		if (autoconfirm) throw unprocessable('user_already_exists', 'User already registered');
		return { body: pretendUser(email, body.data ?? {}) };
	}

	if (autoconfirm) {
		const tokens = await context.sql.begin(async (tx) => {
			const user =
				known ??
				(await createUser(tx, { email, passwordHash, userMetadata: body.data ?? {}, identityInMetadata: true }));
			// The address was never proven, so whoever began before has no better claim: the newest password holds.
			if (known) await tx`update auth.users set encrypted_password = ${passwordHash} where id = ${known.id}`;
			await audit(tx, 'user_signedup', user, call.ip, { provider: 'email' });
			return openSession(context, tx, await confirmEmail(tx, user.id), 'password', call);
		});
		return { body: tokens };
	}

	const { user, token } = await context.sql.begin(async (tx) => {
		const user =
			known ?? (await createUser(tx, { email, passwordHash, userMetadata: body.data ?? {}, identityInMetadata: true }));
		await audit(tx, 'user_confirmation_requested', user, call.ip, { provider: 'email' });
		return { user, token: await confirmationToken(tx, user, challenge) };
	});
	const redirectTo = safeRedirect(call.query.get('redirect_to'), context.settings);
	await sendLink(context, { kind: 'confirmation', to: email, token, type: 'signup', redirectTo });
	return { body: await viewUser(context.sql, (await findByEmail(context.sql, email)) ?? user) };
}

/** A token that confirms the user's address, remembered with the client's PKCE challenge when there is one. */
export async function confirmationToken(
	tx: Parameters<typeof createToken>[0],
	user: User,
	challenge: Challenge | null
) {
	if (challenge) await startFlow(tx, user.id, 'email/signup', challenge);
	return createToken(tx, user.id, 'confirmation_token', user.email ?? '', { pkce: challenge !== null });
}

async function signUpAnonymously(context: AuthContext, call: Call, data: Metadata): Promise<Reply> {
	if (!context.settings.anonymous)
		throw unprocessable('anonymous_provider_disabled', 'Anonymous sign-ins are disabled');
	const tokens = await context.sql.begin(async (tx) => {
		const user = await createUser(tx, { userMetadata: data, anonymous: true });
		await audit(tx, 'user_signedup', user, call.ip, { provider: 'anonymous' });
		return openSession(context, tx, user, 'anonymous', call);
	});
	return { body: tokens };
}

/** What a stranger who signs up with somebody's address gets to see: a new user that doesn't exist, as GoTrue answers. */
function pretendUser(email: string, data: Metadata): Record<string, unknown> {
	const now = new Date().toISOString();
	return {
		id: randomUUID(),
		aud: 'authenticated',
		role: '',
		email,
		phone: '',
		confirmation_sent_at: now,
		app_metadata: { provider: 'email', providers: ['email'] },
		user_metadata: data,
		identities: [],
		created_at: now,
		updated_at: now,
		is_anonymous: false
	};
}
