import type { Db } from './database.ts';
import type { User } from './users.ts';

interface IdentityRow {
	id: string;
	provider_id: string;
	user_id: string;
	identity_data: Record<string, unknown>;
	provider: string;
	last_sign_in_at: string | null;
	created_at: string | null;
	updated_at: string | null;
	email: string | null;
}

interface FactorRow {
	id: string;
	user_id: string;
	friendly_name: string | null;
	factor_type: string;
	status: string;
	created_at: string;
	updated_at: string;
	last_challenged_at: string | null;
}

/** Users as the API shows them, in the order given: no secret, and absent where GoTrue leaves a field out. */
export async function viewUsers(db: Db, users: readonly User[]): Promise<Record<string, unknown>[]> {
	if (users.length === 0) return [];
	const ids = users.map((user) => user.id);
	const identities = await db<IdentityRow[]>`
		select * from auth.identities where user_id = any(${ids}::uuid[]) order by created_at, provider`;
	const factors = await db<FactorRow[]>`
		select * from auth.mfa_factors where user_id = any(${ids}::uuid[]) order by created_at, id`;
	return users.map((user) =>
		view(
			user,
			identities.filter((identity) => identity.user_id === user.id),
			factors.filter((factor) => factor.user_id === user.id)
		)
	);
}

export async function viewUser(db: Db, user: User): Promise<Record<string, unknown>> {
	const [shown] = await viewUsers(db, [user]);
	return shown ?? {};
}

function view(user: User, identities: IdentityRow[], factors: FactorRow[]): Record<string, unknown> {
	return {
		id: user.id,
		aud: user.aud ?? '',
		role: user.role ?? '',
		email: user.email ?? '',
		...present({
			email_confirmed_at: user.email_confirmed_at,
			invited_at: user.invited_at
		}),
		phone: user.phone ?? '',
		...present({
			phone_confirmed_at: user.phone_confirmed_at,
			confirmation_sent_at: user.confirmation_sent_at,
			confirmed_at: user.confirmed_at,
			recovery_sent_at: user.recovery_sent_at,
			new_email: user.email_change,
			email_change_sent_at: user.email_change_sent_at,
			last_sign_in_at: user.last_sign_in_at
		}),
		app_metadata: user.raw_app_meta_data ?? {},
		user_metadata: user.raw_user_meta_data ?? {},
		...(factors.length > 0 ? { factors: factors.map(viewFactor) } : {}),
		identities: identities.map(viewIdentity),
		created_at: user.created_at,
		updated_at: user.updated_at,
		...present({ banned_until: user.banned_until, deleted_at: user.deleted_at }),
		is_anonymous: user.is_anonymous
	};
}

function viewIdentity(identity: IdentityRow) {
	return {
		identity_id: identity.id,
		id: identity.provider_id,
		user_id: identity.user_id,
		identity_data: identity.identity_data,
		provider: identity.provider,
		last_sign_in_at: identity.last_sign_in_at,
		created_at: identity.created_at,
		updated_at: identity.updated_at,
		...present({ email: identity.email })
	};
}

/** A second factor without its secret. */
export function viewFactor(factor: FactorRow) {
	return {
		id: factor.id,
		created_at: factor.created_at,
		updated_at: factor.updated_at,
		status: factor.status,
		...present({ friendly_name: factor.friendly_name }),
		factor_type: factor.factor_type,
		...present({ last_challenged_at: factor.last_challenged_at })
	};
}

/** The fields that hold something. */
function present(fields: Record<string, string | null>): Record<string, string> {
	return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1])));
}
