import { renderMail, type MailKind } from '../mail/templates.ts';
import type { AuthContext } from './context.ts';
import { tooMany } from './errors.ts';
import type { OneTimeToken } from './one_time_tokens.ts';

/** Whoever can deliver a mail; the mailbox of src/mail, or a transport of one's own. */
export interface Mailer {
	send(mail: { to: string; subject: string; text: string; html: string }): Promise<void>;
}

/** The address behind a mail's link: it proves the token, then leads on to `redirectTo`. */
export function verifyUrl(context: AuthContext, hash: string, type: string, redirectTo: string): string {
	const query = new URLSearchParams({ token: hash, type, redirect_to: redirectTo });
	return `${context.settings.apiUrl}/auth/v1/verify?${query}`;
}

export interface LinkMail {
	readonly kind: MailKind;
	readonly to: string;
	readonly token: OneTimeToken;
	/** GoTrue's verification type: what the link says it is for. */
	readonly type: string;
	readonly redirectTo: string;
}

export async function sendLink(context: AuthContext, { kind, to, token, type, redirectTo }: LinkMail): Promise<void> {
	await context.mailer.send({
		to,
		...renderMail(kind, { link: verifyUrl(context, token.hash, type, redirectTo), otp: token.otp })
	});
}

/**
 * Refuses a second mail to an address within the interval. It is asked before the address is looked up, so that the
 * answer is the same for people who have an account and people who don't.
 */
export function limitMails(context: AuthContext, email: string): void {
	const seconds = context.limits.mail.wait(email);
	if (seconds > 0) {
		throw tooMany(
			'over_email_send_rate_limit',
			`For security purposes, you can only request this after ${seconds} seconds.`
		);
	}
	context.limits.mail.count(email);
}
