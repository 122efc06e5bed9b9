import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { startGateway } from '../src/gateway/index.ts';
import { createJwt, type Jwt } from '../src/jwt.ts';
import { loadKeys, type ApiKeys } from '../src/keys.ts';
import { freePort } from '../src/postgres/index.ts';
import { createRest } from '../src/rest/index.ts';
import { startTestPostgres, type TestPostgres } from './embedded.ts';

export const JWT_SECRET = 'a-secret-for-tests-of-at-least-32-characters';

/** A project with REST alone behind the gateway, for one test file. */
export interface RestProject {
	url: string;
	keys: ApiKeys;
	jwt: Jwt;
	postgres: TestPostgres;
	/** As role `postgres`, who owns the schema. */
	sql: postgres.Sql;
	/** An unmodified supabase-js client with the given key. */
	client(key?: string): SupabaseClient;
	/** A plain request to /rest/v1 as service_role; answers are kept as text, so that no number is rounded. */
	rest(
		path: string,
		init?: RequestInit & { key?: string }
	): Promise<{ status: number; headers: Headers; text: string; json: unknown }>;
	stop(): Promise<void>;
}

export async function startRestProject(
	setup: string,
	options: { schemas?: string[]; maxRows?: number } = {}
): Promise<RestProject> {
	const server = await startTestPostgres();
	const sql = postgres(server.url(), { max: 2, onnotice: () => {} });
	await sql.unsafe(setup);
	const jwt = createJwt(JWT_SECRET);
	const keys = await loadKeys(server.folder, JWT_SECRET);
	const rest = await createRest({ url: server.url('authenticator'), jwt, ...options });
	const port = await freePort();
	const gateway = await startGateway({
		port,
		jwt,
		keys,
		services: { rest },
		log: (line) => console.error(line)
	});
	const url = `http://127.0.0.1:${port}`;

	return {
		url,
		keys,
		jwt,
		postgres: server,
		sql,
		client: (key = keys.serviceRoleKey) => createClient(url, key, { auth: { persistSession: false } }),
		async rest(path, { key = keys.serviceRoleKey, headers, ...init } = {}) {
			const response = await fetch(`${url}/rest/v1/${path}`, {
				...init,
				headers: {
					apikey: key,
					...(init.body ? { 'content-type': 'application/json' } : {}),
					...(headers as Record<string, string>)
				}
			});
			const text = await response.text();
			return { status: response.status, headers: response.headers, text, json: parse(text) };
		},
		async stop() {
			await gateway.close();
			await rest.close();
			await sql.end();
			await server.stop();
		}
	};
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
