import { createHash, randomInt, randomUUID } from 'node:crypto';
import type { Db } from './database.ts';

/** What a link or code in a mail is for; GoTrue calls it the verification type. */
export type VerificationType = 'signup' | 'invite' | 'recovery' | 'magiclink' | 'email_change' | 'email';
type TokenType =
	| 'confirmation_token'
	| 'recovery_token'
	| 'email_change_token_new'
	| 'email_change_token_current'
	| 'reauthentication_token';

/** The kinds of token that may prove a verification type. `email` is whatever code came by mail. */
const TOKEN_TYPES: Record<VerificationType, TokenType[]> = {
	signup: ['confirmation_token'],
	invite: ['confirmation_token'],
	recovery: ['recovery_token'],
	magiclink: ['recovery_token'],
	email: ['confirmation_token', 'recovery_token'],
	email_change: ['email_change_token_new', 'email_change_token_current']
};

export const isVerificationType = (type: string): type is VerificationType => Object.hasOwn(TOKEN_TYPES, type);

/** Before a token that was asked for with a PKCE challenge: its link leads to a code, not to a session. */
export const PKCE_PREFIX = 'pkce_';
const LIFETIME = '1 hour';
const SENT_AT: Record<TokenType, string> = {
	confirmation_token: 'confirmation_sent_at',
	recovery_token: 'recovery_sent_at',
	email_change_token_new: 'email_change_sent_at',
	email_change_token_current: 'email_change_sent_at',
	reauthentication_token: 'reauthentication_sent_at'
};

/** A one-time code of six digits and the hash of it and the address it goes to. The hash is what the link carries. */
export interface OneTimeToken {
	readonly otp: string;
	readonly hash: string;
}

export const hashOtp = (email: string, otp: string) =>
	createHash('sha224')
		.update(email + otp)
		.digest('hex');

/** Makes a token for the user in place of an earlier one of its kind. */
export async function createToken(
	db: Db,
	userId: string,
	type: TokenType,
	email: string,
	{ pkce = false }: { pkce?: boolean } = {}
): Promise<OneTimeToken> {
	const otp = String(randomInt(0, 1_000_000)).padStart(6, '0');
	const hash = `${pkce ? PKCE_PREFIX : ''}${hashOtp(email, otp)}`;
	await db`
		insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)
		values (${randomUUID()}, ${userId}, ${type}, ${hash}, ${email})
		on conflict (user_id, token_type) do update
		set token_hash = excluded.token_hash, relates_to = excluded.relates_to, created_at = now(), updated_at = now()`;
	await db`
		update auth.users
		set ${db(type)} = ${hash}, ${db(SENT_AT[type])} = now(), updated_at = now()
		where id = ${userId}`;
	return { otp, hash };
}

export interface FoundToken {
	readonly user_id: string;
	readonly token_type: TokenType;
	readonly token_hash: string;
	readonly relates_to: string;
}

/** Uses a token up and says whose it was; undefined when it is unknown, used, or older than an hour. */
export async function takeToken(
	db: Db,
	type: VerificationType,
	hashes: readonly string[]
): Promise<FoundToken | undefined> {
	const [token] = await db<(FoundToken & { fresh: boolean })[]>`
		delete from auth.one_time_tokens
		where token_hash = any(${[...hashes]}::text[]) and token_type = any(${TOKEN_TYPES[type]}::auth.one_time_token_type[])
		returning user_id, token_type, token_hash, relates_to, created_at > now() - ${LIFETIME}::interval as fresh`;
	if (!token) return undefined;
	await db`update auth.users set ${db(token.token_type)} = '' where id = ${token.user_id}`;
	return token.fresh ? token : undefined;
}

/** Uses up the code of one kind that was mailed to a person; whether it was that code, and no older than an hour. */
export async function takeCode(db: Db, userId: string, type: TokenType, hash: string): Promise<boolean> {
	const [token] = await db<{ fresh: boolean }[]>`
		delete from auth.one_time_tokens
		where user_id = ${userId} and token_type = ${type}::auth.one_time_token_type and token_hash = ${hash}
		returning created_at > now() - ${LIFETIME}::interval as fresh`;
	if (!token) return false;
	await db`update auth.users set ${db(type)} = '' where id = ${userId}`;
	return token.fresh;
}
