import postgres from 'postgres';
import type { Claims } from '../jwt.ts';
import { accessDenied, toStorageError } from './errors.ts';

export type Sql = postgres.Sql;
export type Db = postgres.ISql;

/** A pool as Storage's role, which may become the caller's. */
export function connect(url: string): Sql {
	return postgres(url, {
		max: 10,
		idle_timeout: 30,
		onnotice: () => {},
		connection: { application_name: 'storage', TimeZone: 'UTC' }
	});
}

/** On whose behalf something runs, and what policies may ask about the request. */
export interface Scope {
	readonly claims: Claims;
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Storage's name of the operation; policies read it with storage.operation(). */
	readonly operation: string;
}

/** The scope of Storage itself, for what the caller is entitled to without a policy: public buckets, signed addresses. */
export const asService = (scope: Scope): Scope => ({ ...scope, claims: { role: 'service_role' } });

/** `none` would mean the role of the connection, which owns the tables. */
const FORBIDDEN_ROLES = new Set(['none', 'supabase_storage_admin']);

/** Runs `work` in one transaction as the caller's role with the caller's claims, so that policies decide. */
export async function asCaller<T>(sql: Sql, scope: Scope, work: (tx: Db) => Promise<T>): Promise<T> {
	const role = scope.claims.role ?? 'anon';
	if (FORBIDDEN_ROLES.has(role)) throw accessDenied(`role "${role}" is not allowed`);
	let result: { value: T } | undefined;
	try {
		await sql.begin(async (tx) => {
			await tx`
				select set_config('request.jwt.claims', ${JSON.stringify(scope.claims)}, true),
					set_config('request.jwt.claim.role', ${role}, true),
					set_config('request.jwt.claim.sub', ${scope.claims.sub ?? ''}, true),
					set_config('request.headers', ${JSON.stringify(scope.headers)}, true),
					set_config('request.method', ${scope.method}, true),
					set_config('request.path', ${scope.path}, true),
					set_config('storage.operation', ${scope.operation}, true),
					set_config('storage.allow_delete_query', 'true', true),
					set_config('role', ${role}, true)`.catch((error: unknown) => {
				throw error instanceof postgres.PostgresError && ['22023', '42501'].includes(error.code)
					? accessDenied(error.message)
					: error;
			});
			result = { value: await work(tx) };
		});
	} catch (error) {
		const known = toStorageError(error);
		throw known.status === 500 && known.code === 'InternalError' ? error : known;
	}
	if (!result) throw new Error('the transaction ended without a result');
	return result.value;
}

class RolledBack extends Error {}

/** Whether the policies would let `work` through: it is run and undone. Throws what it would throw. */
export async function probe(sql: Sql, scope: Scope, work: (tx: Db) => Promise<unknown>): Promise<void> {
	try {
		await asCaller(sql, scope, async (tx) => {
			await work(tx);
			throw new RolledBack();
		});
	} catch (error) {
		if (!(error instanceof RolledBack)) throw error;
	}
}

/** A value as jsonb. */
export const json = (db: Db, value: unknown) => db`${JSON.stringify(value)}::text::jsonb`;
