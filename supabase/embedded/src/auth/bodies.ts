import { z } from 'zod';

/** What callers may leave out or send as null. */
const text = z.string().nullish();
const metadata = z.record(z.string(), z.unknown()).nullish();
const challenge = { code_challenge: text, code_challenge_method: text };

export const signUpBody = z.object({ email: text, phone: text, password: text, data: metadata, ...challenge });
export const passwordGrantBody = z.object({ email: text, phone: text, password: text });
export const refreshGrantBody = z.object({ refresh_token: text });
export const pkceGrantBody = z.object({ auth_code: text, code_verifier: text });
export const mailBody = z.object({ email: text, ...challenge });
export const otpBody = z.object({
	email: text,
	phone: text,
	create_user: z.boolean().nullish(),
	data: metadata,
	...challenge
});
export const resendBody = z.object({ type: text, email: text, phone: text, ...challenge });
export const verifyBody = z.object({ type: text, token: text, token_hash: text, email: text, phone: text });
export const userBody = z.object({
	email: text,
	phone: text,
	password: text,
	nonce: text,
	data: metadata,
	app_metadata: metadata,
	...challenge
});
export const inviteBody = z.object({ email: text, data: metadata });
export const adminUserBody = z.object({
	id: text,
	email: text,
	phone: text,
	password: text,
	password_hash: text,
	email_confirm: z.boolean().nullish(),
	phone_confirm: z.boolean().nullish(),
	user_metadata: metadata,
	app_metadata: metadata,
	role: text,
	ban_duration: text
});
export const adminDeleteBody = z.object({ should_soft_delete: z.boolean().nullish() });
export const generateLinkBody = z.object({
	type: text,
	email: text,
	new_email: text,
	password: text,
	data: metadata,
	redirect_to: text
});
export const enrollBody = z.object({ factor_type: text, friendly_name: text, issuer: text });
export const factorVerifyBody = z.object({ challenge_id: text, code: text });
