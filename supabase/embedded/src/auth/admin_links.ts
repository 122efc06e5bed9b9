import { audit, SERVICE } from './audit.ts';
import { generateLinkBody, inviteBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import { requireAdmin } from './caller.ts';
import type { AuthContext } from './context.ts';
import type { Db } from './database.ts';
import { badRequest, notFound, unprocessable } from './errors.ts';
import { sendLink, verifyUrl } from './mails.ts';
import { createToken, type OneTimeToken } from './one_time_tokens.ts';
import { checkStrength, hashPassword } from './password.ts';
import { safeRedirect } from './redirect.ts';
import { viewUser } from './user_view.ts';
import { createUser, findByEmail, findById, normalizeEmail, type Metadata, type User } from './users.ts';

/** `POST /invite`: makes the user and sends the mail; once more for someone who hasn't answered. */
export async function invite(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const body = call.read(inviteBody);
	const email = normalizeEmail(body.email ?? '');
	const { user, token } = await context.sql.begin((tx) => inviteUser(tx, call, email, body.data ?? {}));
	const redirectTo = safeRedirect(call.query.get('redirect_to'), context.settings);
	await sendLink(context, { kind: 'invite', to: email, token, type: 'invite', redirectTo });
	return { body: await viewUser(context.sql, user) };
}

/** `POST /admin/generate_link`: the link and code a mail would carry, for those who send their mails themselves. */
export async function generateLink(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const body = call.read(generateLinkBody);
	const email = normalizeEmail(body.email ?? '');
	const redirectTo = safeRedirect(body.redirect_to ?? call.query.get('redirect_to'), context.settings);
	const known = await findByEmail(context.sql, email);
	// As in GoTrue, a magic link for a stranger is a sign-up.
	const type = body.type === 'magiclink' && !known ? 'signup' : (body.type ?? '');
	const wantsPassword = type === 'signup' && !known && body.type === 'signup';
	if (wantsPassword) checkStrength(body.password ?? '', context.settings.passwordLength);
	const passwordHash = wantsPassword ? await hashPassword(context.sql, body.password ?? '') : undefined;

	const made = await context.sql.begin(async (tx): Promise<{ user: User; token: OneTimeToken; linkType: string }> => {
		switch (type) {
			case 'magiclink':
			case 'recovery': {
				if (!known) throw notFound('user_not_found', 'User with this email not found');
				await audit(tx, 'user_recovery_requested', known, call.ip);
				return { user: known, token: await createToken(tx, known.id, 'recovery_token', email), linkType: type };
			}
			case 'invite':
				return { ...(await inviteUser(tx, call, email, body.data ?? {})), linkType: type };
			case 'signup': {
				if (known?.email_confirmed_at) throw taken();
				const user =
					known ??
					(await createUser(tx, { email, passwordHash, userMetadata: body.data ?? {}, identityInMetadata: true }));
				return { user, token: await createToken(tx, user.id, 'confirmation_token', email), linkType: type };
			}
			case 'email_change_current':
			case 'email_change_new': {
				if (!known) throw notFound('user_not_found', 'User with this email not found');
				return {
					user: known,
					token: await changeToken(tx, known, type, normalizeEmail(body.new_email ?? '')),
					linkType: 'email_change'
				};
			}
			default:
				throw badRequest('validation_failed', `Invalid email action link type requested: ${type}`);
		}
	});

	const user = (await findById(context.sql, made.user.id)) ?? made.user;
	return {
		body: {
			...(await viewUser(context.sql, user)),
			action_link: verifyUrl(context, made.token.hash, made.linkType, redirectTo),
			email_otp: made.token.otp,
			hashed_token: made.token.hash,
			verification_type: type,
			redirect_to: redirectTo
		}
	};
}

async function inviteUser(
	tx: Db,
	call: Call,
	email: string,
	data: Metadata
): Promise<{ user: User; token: OneTimeToken }> {
	const known = await findByEmail(tx, email);
	if (known?.email_confirmed_at) throw taken();
	const user = known ?? (await createUser(tx, { email, userMetadata: data, invited: true }));
	await tx`update auth.users set invited_at = now() where id = ${user.id}`;
	const token = await createToken(tx, user.id, 'confirmation_token', email);
	await audit(tx, 'user_invited', SERVICE, call.ip, { user_id: user.id, user_email: email });
	return { user: (await findById(tx, user.id)) ?? user, token };
}

async function changeToken(
	tx: Db,
	user: User,
	type: 'email_change_current' | 'email_change_new',
	newEmail: string
): Promise<OneTimeToken> {
	if (await findByEmail(tx, newEmail)) throw taken();
	await tx`update auth.users set email_change = ${newEmail}, email_change_confirm_status = 0 where id = ${user.id}`;
	return type === 'email_change_current'
		? createToken(tx, user.id, 'email_change_token_current', user.email ?? '')
		: createToken(tx, user.id, 'email_change_token_new', newEmail);
}

const taken = () => unprocessable('email_exists', 'A user with this email address has already been registered');
