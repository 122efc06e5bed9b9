import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, inject } from 'vitest';
import { claimsOf, type Person } from './people.ts';

/** The migrated database, with two companies and their people, that every test file gets a copy of. */
export const TEMPLATE = 'prosa_template';

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;

export interface Database {
	/** The owner of everything (`postgres`), to arrange rows and to look behind the policies. */
	readonly owner: Sql;
	/** The door's own login. */
	readonly door: Sql;
	/** The worker's own login. */
	readonly worker: Sql;
	/** The login of the edge function that connects numbers. */
	readonly channels: Sql;
	readonly modules: Sql;
	/** An address for a process of its own. */
	url(user: string): string;
	/** Runs `work` as a signed-in person, as PostgREST would: their role, their claims, one transaction. */
	as<T>(person: Person, work: (sql: Transaction) => Promise<T>): Promise<T>;
	/** As somebody who is not signed in. */
	asVisitor<T>(work: (sql: Transaction) => Promise<T>): Promise<T>;
}

/** Gives each test file a copy of the template: no cleaning, no order. */
export function useDatabase(): Database {
	const name = `test_${randomUUID().replaceAll('-', '')}`;
	const url = (user: string, database = name) =>
		inject('serverUrl').replace('USER', user).replace('DATABASE', database);
	const connections: Sql[] = [];
	const connect = (user: string) => {
		const sql = postgres(url(user), { max: 4, onnotice: () => {} });
		connections.push(sql);
		return sql;
	};
	const lazily = (user: string) => {
		let sql: Sql | undefined;
		return () => (sql ??= connect(user));
	};
	const [owner, door, worker, channels, modules, authenticator] = [
		'postgres',
		'prosa_door',
		'prosa_worker',
		'prosa_channels',
		'prosa_modules',
		'authenticator'
	].map(lazily) as [() => Sql, () => Sql, () => Sql, () => Sql, () => Sql, () => Sql];

	beforeAll(async () => {
		const admin = postgres(url('supabase_admin', 'postgres'), { max: 1 });
		await admin`create database ${admin(name)} template ${admin(TEMPLATE)} owner postgres`;
		await admin.end();
	});

	afterAll(async () => {
		await Promise.all(connections.map((sql) => sql.end({ timeout: 5 })));
		const admin = postgres(url('supabase_admin', 'postgres'), { max: 1 });
		await admin`drop database ${admin(name)} with (force)`;
		await admin.end();
	});

	const impersonate = <T>(role: string, claims: object, work: (sql: Transaction) => Promise<T>) =>
		authenticator().begin(async (sql) => {
			await sql`select set_config('role', ${role}, true), set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
			return work(sql);
		}) as Promise<T>;

	return {
		get owner() {
			return owner();
		},
		get door() {
			return door();
		},
		get worker() {
			return worker();
		},
		get channels() {
			return channels();
		},
		get modules() {
			return modules();
		},
		url,
		as: (person, work) => impersonate('authenticated', claimsOf(person), work),
		asVisitor: (work) => impersonate('anon', { role: 'anon' }, work)
	};
}
