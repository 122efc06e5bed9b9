import type { AuthContext } from './context.ts';
import type { Db } from './database.ts';
import { startFlow, type Challenge } from './flow_state.ts';
import { sendLink } from './mails.ts';
import { createToken } from './one_time_tokens.ts';
import { confirmEmail, setEmail, type User } from './users.ts';

/** Asks both the old and the new address to agree to the change; only the new one when there is no old one. */
export async function sendEmailChange(
	context: AuthContext,
	user: User,
	newEmail: string,
	challenge: Challenge | null,
	redirectTo: string
): Promise<void> {
	const pkce = challenge !== null;
	const { current, next } = await context.sql.begin(async (tx) => {
		if (challenge) await startFlow(tx, user.id, 'email_change', challenge);
		await tx`
			update auth.users
			set email_change = ${newEmail}, email_change_confirm_status = 0, updated_at = now()
			where id = ${user.id}`;
		return {
			current: user.email ? await createToken(tx, user.id, 'email_change_token_current', user.email, { pkce }) : null,
			next: await createToken(tx, user.id, 'email_change_token_new', newEmail, { pkce })
		};
	});
	const mail = { kind: 'email_change', type: 'email_change', redirectTo } as const;
	if (current && user.email) await sendLink(context, { ...mail, to: user.email, token: current });
	await sendLink(context, { ...mail, to: newEmail, token: next });
}

/** One address has agreed. True when that was all it took and the user now has the new address. */
export async function agreeToEmailChange(db: Db, user: User): Promise<boolean> {
	const newEmail = user.email_change;
	if (!newEmail) return false;
	if (user.email && user.email_change_confirm_status === 0) {
		await db`update auth.users set email_change_confirm_status = 1 where id = ${user.id}`;
		return false;
	}
	await setEmail(db, user.id, newEmail);
	await db`
		update auth.users
		set email_change = '', email_change_token_current = '', email_change_token_new = '', email_change_confirm_status = 0
		where id = ${user.id}`;
	await confirmEmail(db, user.id);
	return true;
}
