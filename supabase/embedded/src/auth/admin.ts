import { audit, SERVICE } from './audit.ts';
import { adminDeleteBody, adminUserBody } from './bodies.ts';
import type { Call, Reply } from './call.ts';
import { isUuid, requireAdmin } from './caller.ts';
import type { AuthContext } from './context.ts';
import type { Db } from './database.ts';
import { badRequest, notFound, unprocessable } from './errors.ts';
import { checkStrength, hashPassword, isPasswordHash } from './password.ts';
import { viewFactor, viewUser, viewUsers } from './user_view.ts';
import {
	addIdentity,
	confirmEmail,
	createUser,
	findById,
	normalizeEmail,
	normalizePhone,
	setEmail,
	setMetadata,
	setPassword,
	type User
} from './users.ts';

const PER_PAGE = 50;
const MAX_PER_PAGE = 1000;

/** `GET /admin/users?page=&per_page=`: newest first, with the total and the neighbouring pages in headers. */
export async function listUsers(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const page = readNumber(call.query.get('page'), 1, Number.MAX_SAFE_INTEGER);
	const perPage = readNumber(call.query.get('per_page'), PER_PAGE, MAX_PER_PAGE);
	const filter = call.query.get('filter');
	const like = `%${(filter ?? '').replace(/[\\%_]/g, '\\$&')}%`;
	const where = context.sql`
		where aud = 'authenticated' and (${filter === null || filter === ''} or email ilike ${like} or phone ilike ${like} or raw_user_meta_data ->> 'full_name' ilike ${like})`;
	const [{ total }] = await context.sql<
		[{ total: number }]
	>`select count(*)::integer as total from auth.users ${where}`;
	const users = await context.sql<User[]>`
		select * from auth.users ${where}
		order by created_at desc nulls last, id
		limit ${perPage} offset ${(page - 1) * perPage}`;

	const last = Math.max(1, Math.ceil(total / perPage));
	const link = (target: number, rel: string) => `</admin/users?page=${target}&per_page=${perPage}>; rel="${rel}"`;
	return {
		headers: {
			'x-total-count': String(total),
			link: [...(page < last ? [link(page + 1, 'next')] : []), link(last, 'last')].join(', ')
		},
		body: { users: await viewUsers(context.sql, users), aud: 'authenticated' }
	};
}

/** `GET /admin/users/:user` */
export async function showUser(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	return { body: await viewUser(context.sql, await loadUser(context.sql, call)) };
}

/** `POST /admin/users`: a user as the caller wants it, confirmed if it says so; no mail is sent. */
export async function addUser(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const body = call.read(adminUserBody);
	if (!body.email && !body.phone)
		throw badRequest('validation_failed', 'Cannot create a user without either an email or phone');
	const email = body.email ? normalizeEmail(body.email) : undefined;
	const phone = body.phone ? normalizePhone(body.phone) : undefined;
	if (body.password && body.password_hash)
		throw badRequest('validation_failed', 'Only a password or a password hash should be provided');
	if (body.password_hash && !isPasswordHash(body.password_hash))
		throw badRequest('validation_failed', 'password_hash is not a bcrypt hash');
	if (body.password) checkStrength(body.password, context.settings.passwordLength);
	const bannedUntil = readBan(body.ban_duration);
	const passwordHash = body.password
		? await hashPassword(context.sql, body.password)
		: (body.password_hash ?? undefined);

	const user = await context.sql.begin(async (tx) => {
		const created = await createUser(tx, {
			id: body.id ?? undefined,
			email,
			phone,
			passwordHash,
			role: body.role || undefined,
			userMetadata: body.user_metadata ?? {},
			appMetadata: body.app_metadata ?? {}
		});
		if (email && body.email_confirm) await confirmEmail(tx, created.id);
		if (phone && body.phone_confirm) await confirmPhone(tx, created.id);
		if (bannedUntil !== undefined)
			await tx`update auth.users set banned_until = ${bannedUntil} where id = ${created.id}`;
		await audit(tx, 'user_signedup', SERVICE, call.ip, {
			user_id: created.id,
			user_email: email ?? '',
			user_phone: phone ?? ''
		});
		return (await findById(tx, created.id)) ?? created;
	});
	return { body: await viewUser(context.sql, user) };
}

/** `PUT /admin/users/:user`: changes what is given, without asking the user. A new password ends every session. */
export async function changeUser(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const body = call.read(adminUserBody);
	const user = await loadUser(context.sql, call);
	const email = body.email ? normalizeEmail(body.email) : null;
	const phone = body.phone ? normalizePhone(body.phone) : null;
	if (body.password) checkStrength(body.password, context.settings.passwordLength);
	const bannedUntil = readBan(body.ban_duration);
	const passwordHash = body.password ? await hashPassword(context.sql, body.password) : null;

	const changed = await context.sql.begin(async (tx) => {
		if (body.role) await tx`update auth.users set role = ${body.role}, updated_at = now() where id = ${user.id}`;
		if (email && email !== user.email) await setEmail(tx, user.id, email);
		if (phone && phone !== user.phone) {
			await tx`update auth.users set phone = ${phone}, updated_at = now() where id = ${user.id}`;
			await addIdentity(tx, user.id, 'phone', { sub: user.id, phone });
		}
		if (body.email_confirm) await confirmEmail(tx, user.id);
		if (body.phone_confirm) await confirmPhone(tx, user.id);
		if (passwordHash) await setPassword(tx, user.id, passwordHash, null);
		if (bannedUntil !== undefined) {
			await tx`update auth.users set banned_until = ${bannedUntil}, updated_at = now() where id = ${user.id}`;
		}
		const fresh = (await findById(tx, user.id)) ?? user;
		await setMetadata(tx, fresh, { user: body.user_metadata ?? undefined, app: body.app_metadata ?? undefined });
		await audit(tx, 'user_modified', SERVICE, call.ip, {
			user_id: user.id,
			user_email: user.email ?? '',
			user_phone: user.phone ?? ''
		});
		return (await findById(tx, user.id)) ?? fresh;
	});
	return { body: await viewUser(context.sql, changed) };
}

/** `DELETE /admin/users/:user`: gone with everything that hangs on it; a soft delete keeps an unreadable husk. */
export async function removeUser(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const { should_soft_delete: soft } = call.read(adminDeleteBody);
	const user = await loadUser(context.sql, call);
	await context.sql.begin(async (tx) => {
		await audit(tx, 'user_deleted', SERVICE, call.ip, {
			user_id: user.id,
			user_email: user.email ?? '',
			user_phone: user.phone ?? ''
		});
		if (soft) await softDelete(tx, user.id);
		else await tx`delete from auth.users where id = ${user.id}`;
	});
	return { body: {} };
}

/** `GET /admin/users/:user/factors` */
export async function listFactors(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const user = await loadUser(context.sql, call);
	const factors = await context.sql<Parameters<typeof viewFactor>[0][]>`
		select * from auth.mfa_factors where user_id = ${user.id} order by created_at`;
	return { body: factors.map(viewFactor) };
}

/** `DELETE /admin/users/:user/factors/:factor`: for people who lost their phone. */
export async function removeFactor(context: AuthContext, call: Call): Promise<Reply> {
	await requireAdmin(call);
	const user = await loadUser(context.sql, call);
	const [factor] = await context.sql<Parameters<typeof viewFactor>[0][]>`
		delete from auth.mfa_factors where user_id = ${user.id} and id::text = ${call.params['factor'] ?? ''} returning *`;
	if (!factor) throw notFound('mfa_factor_not_found', 'Factor not found');
	await audit(context.sql, 'factor_deleted', SERVICE, call.ip, { user_id: user.id, factor_id: factor.id });
	return { body: viewFactor(factor) };
}

async function loadUser(db: Db, call: Call): Promise<User> {
	const id = call.params['user'] ?? '';
	if (!isUuid(id)) throw notFound('validation_failed', 'user_id must be an UUID');
	const user = await findById(db, id);
	if (!user) throw notFound('user_not_found', 'User not found');
	return user;
}

async function confirmPhone(db: Db, id: string): Promise<void> {
	await db`update auth.users set phone_confirmed_at = coalesce(phone_confirmed_at, now()), updated_at = now() where id = ${id}`;
}

async function softDelete(db: Db, id: string): Promise<void> {
	await db`
		update auth.users
		set email = encode(sha256(convert_to(id::text || coalesce(email, ''), 'utf8')), 'hex'), phone = null, encrypted_password = null,
			raw_user_meta_data = '{}', raw_app_meta_data = '{}', email_change = '', confirmation_token = '', recovery_token = '',
			email_change_token_current = '', email_change_token_new = '', deleted_at = now(), updated_at = now()
		where id = ${id}`;
	await db`delete from auth.identities where user_id = ${id}`;
	await db`delete from auth.mfa_factors where user_id = ${id}`;
	await db`delete from auth.one_time_tokens where user_id = ${id}`;
	await db`delete from auth.sessions where user_id = ${id}`;
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, ns: 0.000_001 };

/** A ban given as Go writes durations (`24h`, `1h30m`): its end, null for `none`, undefined when nothing was said. */
export function readBan(duration: string | null | undefined): string | null | undefined {
	if (duration === undefined || duration === null || duration === '') return undefined;
	if (duration === 'none') return null;
	if (!/^(\d+(\.\d+)?(h|ms|us|ns|m|s))+$/.test(duration)) {
		throw badRequest(
			'validation_failed',
			`invalid format for ban duration: time: invalid duration ${JSON.stringify(duration)}`
		);
	}
	let milliseconds = 0;
	for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)/g)) {
		milliseconds += Number(amount) * (UNITS[unit ?? ''] ?? 0);
	}
	const end = new Date(Date.now() + milliseconds);
	if (Number.isNaN(end.getTime())) throw unprocessable('validation_failed', 'ban duration is too long');
	return end.toISOString();
}

function readNumber(text: string | null, otherwise: number, max: number): number {
	if (text === null || text === '') return otherwise;
	const number = Number(text);
	if (!Number.isInteger(number) || number < 1)
		throw badRequest('validation_failed', `Bad Pagination Parameters: ${text}`);
	return Math.min(number, max);
}
