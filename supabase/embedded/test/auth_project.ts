import { join } from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { createAuth, type AuthOptions } from '../src/auth/auth.ts';
import { startGateway } from '../src/gateway/index.ts';
import { createJwt, type Claims, type Jwt } from '../src/jwt.ts';
import { createMail } from '../src/mail/mail.ts';
import type { StoredMail } from '../src/mail/mailbox.ts';
import { freePort } from '../src/postgres/index.ts';
import { createStorage, type StorageOptions } from '../src/storage/storage.ts';
import { startTestPostgres } from './embedded.ts';

export const SECRET = 'a secret of these tests, long enough to sign with';
export const SITE = 'http://127.0.0.1:3000';

/** A project of this test's own: Postgres, gateway, auth, storage and mailbox, driven by supabase-js as anybody would. */
export interface Project {
	url: string;
	/** The owner of the tables, for looking behind the scenes. */
	sql: postgres.Sql;
	jwt: Jwt;
	anonKey: string;
	filesDir: string;
	/** A browser of its own: nobody is signed in. */
	visitor(options?: { flowType?: 'pkce' | 'implicit' }): SupabaseClient;
	/** The service key. */
	admin: SupabaseClient;
	/** A confirmed user with password `demo-prosa`, signed in. */
	person(name: string, role?: string): Promise<{ client: SupabaseClient; id: string; email: string }>;
	/** Mails to one address, newest first. */
	mailsTo(email: string): Promise<StoredMail[]>;
	request(path: string, init?: RequestInit): Promise<Response>;
	stop(): Promise<void>;
}

export interface ProjectOptions {
	auth?: Partial<AuthOptions>;
	storage?: Partial<StorageOptions>;
}

export const PASSWORD = 'demo-prosa';

export async function startProject({ auth = {}, storage = {} }: ProjectOptions = {}): Promise<Project> {
	const database = await startTestPostgres();
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const jwt = createJwt(SECRET);
	const [anonKey, serviceRoleKey] = await Promise.all([jwt.sign({ role: 'anon' }), jwt.sign({ role: 'service_role' })]);
	const keys = { anonKey, serviceRoleKey, publishableKey: 'sb_publishable_test', secretKey: 'sb_secret_test' };
	const filesDir = join(database.folder, 'files');
	const mail = await createMail({ port: 0 });
	const services = {
		auth: await createAuth({
			url: database.url('supabase_auth_admin'),
			jwt,
			siteUrl: SITE,
			apiUrl: url,
			mail,
			...auth
		}),
		storage: await createStorage({
			url: database.url('supabase_storage_admin'),
			jwt,
			filesDir,
			apiUrl: url,
			...storage
		})
	};
	const gateway = await startGateway({ port, jwt, keys, services, log: console.error });
	const sql = postgres(database.url('supabase_admin'), { max: 3, onnotice: () => {} });
	const connect = (key: string, flowType: 'pkce' | 'implicit' = 'implicit') => {
		const memory = new Map<string, string>();
		return createClient(url, key, {
			auth: {
				flowType,
				autoRefreshToken: false,
				storageKey: `test-${crypto.randomUUID()}`,
				persistSession: true,
				storage: {
					getItem: (name) => memory.get(name) ?? null,
					setItem: (name, value) => void memory.set(name, value),
					removeItem: (name) => void memory.delete(name)
				}
			}
		});
	};
	const admin = connect(keys.secretKey);

	return {
		url,
		sql,
		jwt,
		anonKey,
		filesDir,
		admin,
		visitor: ({ flowType } = {}) => connect(keys.publishableKey, flowType),
		async person(name, role) {
			const email = `${name}-${crypto.randomUUID().slice(0, 8)}@padaria.test`;
			const made = await admin.auth.admin.createUser({
				email,
				password: PASSWORD,
				email_confirm: true,
				...(role ? { role } : {})
			});
			if (made.error) throw made.error;
			const client = connect(keys.publishableKey);
			const { error } = await client.auth.signInWithPassword({ email, password: PASSWORD });
			if (error) throw error;
			return { client, id: made.data.user.id, email };
		},
		mailsTo: async (email) =>
			(await fetch(`${mail.url}/api/messages?to=${encodeURIComponent(email)}`)).json() as Promise<StoredMail[]>,
		request: (path, init = {}) =>
			fetch(`${url}${path}`, { ...init, redirect: 'manual', headers: { apikey: anonKey, ...init.headers } }),
		async stop() {
			await gateway.close();
			await Promise.all([services.auth.close(), services.storage.close(), mail.close(), sql.end()]);
			await database.stop();
		}
	};
}

/** What a token says, without asking whether it is true. */
export function claimsOf(token: string): Claims {
	return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}

/** The link in a mail. */
export function linkIn({ text }: StoredMail): string {
	return /https?:\/\/\S+/.exec(text)?.[0] ?? '';
}

/** The six digits in a mail. */
export function codeIn({ text }: StoredMail): string {
	return /Code: (\d{6})/.exec(text)?.[1] ?? '';
}
