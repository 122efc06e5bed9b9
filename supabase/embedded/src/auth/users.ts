import { randomUUID } from 'node:crypto';
import type { Db } from './database.ts';
import { badRequest, unprocessable } from './errors.ts';

export type Metadata = Record<string, unknown>;

/** A row of auth.users as the handlers need it; moments are RFC 3339 text. */
export interface User {
	id: string;
	aud: string | null;
	role: string | null;
	email: string | null;
	phone: string | null;
	encrypted_password: string | null;
	email_confirmed_at: string | null;
	phone_confirmed_at: string | null;
	confirmed_at: string | null;
	confirmation_sent_at: string | null;
	recovery_sent_at: string | null;
	email_change: string | null;
	email_change_sent_at: string | null;
	email_change_confirm_status: number | null;
	invited_at: string | null;
	last_sign_in_at: string | null;
	raw_app_meta_data: Metadata | null;
	raw_user_meta_data: Metadata | null;
	banned_until: string | null;
	created_at: string | null;
	updated_at: string | null;
	deleted_at: string | null;
	is_anonymous: boolean;
	is_sso_user: boolean;
}

/** The address in the form it is stored in; `validation_failed` when it isn't one. */
export function normalizeEmail(email: string): string {
	const address = email.trim().toLowerCase();
	if (
		address.length > 255 ||
		!/^[^\s@\0<>"(),:;[\]\\]+@[^\s@\0<>"(),:;[\]\\.]+(\.[^\s@\0<>"(),:;[\]\\.]+)*$/.test(address)
	) {
		throw badRequest('validation_failed', 'Unable to validate email address: invalid format');
	}
	return address;
}

/** A phone number without its plus, as GoTrue keeps it; `validation_failed` when it isn't E.164. */
export function normalizePhone(phone: string): string {
	const digits = phone.trim().replace(/^\+/, '').replaceAll(' ', '');
	if (!/^[1-9]\d{1,14}$/.test(digits)) {
		throw badRequest('validation_failed', 'Invalid phone number format (E.164 required)');
	}
	return digits;
}

export async function findById(db: Db, id: string): Promise<User | undefined> {
	const [user] = await db<User[]>`select * from auth.users where id = ${id}`;
	return user;
}

export async function findByEmail(db: Db, email: string): Promise<User | undefined> {
	const [user] = await db<User[]>`
		select * from auth.users where email = ${email} and is_sso_user = false and deleted_at is null`;
	return user;
}

export async function findByPhone(db: Db, phone: string): Promise<User | undefined> {
	const [user] = await db<User[]>`select * from auth.users where phone = ${phone} and deleted_at is null`;
	return user;
}

export interface NewUser {
	id?: string | undefined;
	email?: string | undefined;
	phone?: string | undefined;
	passwordHash?: string | undefined;
	role?: string | undefined;
	userMetadata?: Metadata | undefined;
	appMetadata?: Metadata | undefined;
	/** Sign-ups carry what their identity says in their own metadata; users made by an admin don't. */
	identityInMetadata?: boolean;
	anonymous?: boolean;
	invited?: boolean;
}

/** Makes a user with an identity for each of e-mail and phone; `email_exists` or `phone_exists` when taken. */
export async function createUser(db: Db, wanted: NewUser): Promise<User> {
	const id = wanted.id ?? randomUUID();
	const { email, phone } = wanted;
	const providers = [...(email ? ['email'] : []), ...(phone ? ['phone'] : [])];
	const identity = {
		sub: id,
		...(email ? { email } : {}),
		...(phone ? { phone } : {}),
		email_verified: false,
		phone_verified: false
	};
	const appMetadata = {
		...(providers.length > 0 ? { provider: providers[0], providers } : {}),
		...dropNulls(wanted.appMetadata)
	};
	const userMetadata = {
		...wanted.userMetadata,
		...(wanted.identityInMetadata && providers.length > 0 ? identity : {})
	};

	const [user] = await db<User[]>`
		insert into auth.users (
			instance_id, id, aud, role, email, phone, encrypted_password, raw_app_meta_data, raw_user_meta_data,
			is_anonymous, invited_at, confirmation_token, recovery_token, email_change_token_new, email_change, created_at, updated_at
		) values (
			'00000000-0000-0000-0000-000000000000', ${id}, 'authenticated', ${wanted.role ?? 'authenticated'}, ${email ?? null},
			${phone ?? null}, ${wanted.passwordHash ?? null}, ${json(db, appMetadata)}, ${json(db, userMetadata)},
			${wanted.anonymous ?? false}, ${wanted.invited ? db`now()` : null}, '', '', '', '', now(), now()
		)
		returning *`.catch((error: unknown) => {
		throw explainConflict(error);
	});
	if (!user) throw new Error('auth.users returned no row');
	if (email) await addIdentity(db, user.id, 'email', { sub: id, email, email_verified: false, phone_verified: false });
	if (phone) await addIdentity(db, user.id, 'phone', { sub: id, phone, email_verified: false, phone_verified: false });
	return user;
}

/** Writes the user's identity with a provider, or brings the one that is there up to date. */
export async function addIdentity(db: Db, userId: string, provider: string, data: Metadata): Promise<void> {
	await db`
		insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
		values (${userId}, ${userId}, ${json(db, data)}, ${provider}, now(), now(), now())
		on conflict (provider_id, provider) do update
		set identity_data = identities.identity_data || excluded.identity_data, updated_at = now()`;
}

/** Counts the address as confirmed, on the user and on the identity, and lets no confirmation link work any more. */
export async function confirmEmail(db: Db, id: string): Promise<User> {
	const [user] = await db<User[]>`
		update auth.users
		set email_confirmed_at = coalesce(email_confirmed_at, now()),
			confirmation_token = '',
			is_anonymous = false,
			raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || '{"email_verified": true}',
			updated_at = now()
		where id = ${id}
		returning *`;
	if (!user) throw new Error(`user ${id} is gone`);
	await db`
		update auth.identities
		set identity_data = identity_data || '{"email_verified": true}', updated_at = now()
		where user_id = ${id} and provider = 'email'`;
	await db`delete from auth.one_time_tokens where user_id = ${id}`;
	return user;
}

/** Gives the user another address, also on the identity. */
export async function setEmail(db: Db, id: string, email: string): Promise<void> {
	await db`update auth.users set email = ${email}, updated_at = now() where id = ${id}`.catch((error: unknown) => {
		throw explainConflict(error);
	});
	await addIdentity(db, id, 'email', { sub: id, email });
	await db`
		update auth.users
		set raw_app_meta_data = jsonb_build_object('provider', 'email', 'providers', '["email"]'::jsonb) || coalesce(raw_app_meta_data, '{}')
		where id = ${id}`;
}

/** Metadata after an update: keys are merged, null takes a key away. */
export function mergeMetadata(current: Metadata | null, updates: Metadata): Metadata {
	return dropNulls({ ...current, ...updates });
}

export async function setMetadata(
	db: Db,
	user: User,
	updates: { user?: Metadata | undefined; app?: Metadata | undefined }
): Promise<void> {
	const userMetadata = updates.user
		? mergeMetadata(user.raw_user_meta_data, updates.user)
		: (user.raw_user_meta_data ?? {});
	const appMetadata = updates.app ? mergeMetadata(user.raw_app_meta_data, updates.app) : (user.raw_app_meta_data ?? {});
	await db`
		update auth.users
		set raw_user_meta_data = ${json(db, userMetadata)}, raw_app_meta_data = ${json(db, appMetadata)}, updated_at = now()
		where id = ${user.id}`;
}

/** Another password: every link sent before stops working, and every session but `keepSession` ends. */
export async function setPassword(
	db: Db,
	id: string,
	passwordHash: string | null,
	keepSession: string | null
): Promise<void> {
	await db`
		update auth.users
		set encrypted_password = ${passwordHash}, confirmation_token = '', recovery_token = '', email_change_token_current = '',
			email_change_token_new = '', phone_change_token = '', reauthentication_token = '', updated_at = now()
		where id = ${id}`;
	await db`delete from auth.one_time_tokens where user_id = ${id}`;
	await db`delete from auth.sessions where user_id = ${id} and id is distinct from ${keepSession}`;
}

export const isBanned = (user: User) => user.banned_until !== null && Date.parse(user.banned_until) > Date.now();

/** A value as jsonb. The cast leaves checking to Postgres and the text to JSON. */
function json(db: Db, value: Metadata) {
	return db`${JSON.stringify(value)}::text::jsonb`;
}

function dropNulls(metadata: Metadata | undefined): Metadata {
	return Object.fromEntries(Object.entries(metadata ?? {}).filter(([, value]) => value !== null));
}

function explainConflict(error: unknown): unknown {
	if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return error;
	const constraint = 'constraint_name' in error ? String(error.constraint_name) : '';
	return constraint.includes('phone')
		? unprocessable('phone_exists', 'Phone number already registered by another user')
		: unprocessable('email_exists', 'A user with this email address has already been registered');
}
