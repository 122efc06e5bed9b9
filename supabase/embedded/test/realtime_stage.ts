import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import WebSocket from 'ws';
import { startGateway } from '../src/gateway/index.ts';
import { createJwt, type Claims, type Jwt } from '../src/jwt.ts';
import { loadKeys, type ApiKeys } from '../src/keys.ts';
import { freePort } from '../src/postgres/index.ts';
import { createRealtime, type Limits } from '../src/realtime/index.ts';
import { startTestPostgres, type TestPostgres } from './embedded.ts';

export interface Stage {
	server: TestPostgres;
	sql: postgres.Sql;
	jwt: Jwt;
	keys: ApiKeys;
	/** Of the gateway. */
	url: string;
	logs: string[];
	/** A supabase-js of somebody's own; of a visitor without claims. */
	client(claims?: Claims, options?: { vsn?: string; key?: string }): Promise<SupabaseClient>;
	token(claims: Claims, seconds?: number): Promise<string>;
	stop(): Promise<void>;
}

/** Postgres, the gateway and Realtime, as the whole stack runs them; `schema` is run by the project's owner. */
export async function startStage(schema = '', limits: Partial<Limits> = {}): Promise<Stage> {
	const server = await startTestPostgres();
	const sql = postgres(server.url(), { onnotice: () => {}, connection: { synchronous_commit: 'on' } });
	await sql.unsafe(schema);
	const secret = 'a secret of at least thirty-two characters';
	const jwt = createJwt(secret);
	const keys = await loadKeys(server.folder, secret);
	const logs: string[] = [];
	const log = (line: string) => void logs.push(line);
	const realtime = await createRealtime({ url: server.url('supabase_replication_admin'), jwt, limits, log });
	await realtime.ready;
	const port = await freePort();
	const gateway = await startGateway({ port, jwt, keys, services: { realtime }, log });
	const url = `http://127.0.0.1:${port}`;
	const clients: SupabaseClient[] = [];

	const token = (claims: Claims, seconds = 3600) =>
		jwt.sign({ role: 'authenticated', exp: Math.floor(Date.now() / 1000) + seconds, ...claims });
	return {
		server,
		sql,
		jwt,
		keys,
		url,
		logs,
		token,
		async client(claims, { vsn, key = keys.anonKey } = {}) {
			const accessToken = claims && (await token(claims));
			const client = createClient(url, key, {
				...(accessToken ? { accessToken: async () => accessToken } : {}),
				realtime: { transport: WebSocket as never, ...(vsn ? { vsn } : {}) }
			});
			if (accessToken) await client.realtime.setAuth();
			clients.push(client);
			return client;
		},
		async stop() {
			await Promise.all(clients.map((client) => client.realtime.disconnect()));
			await realtime.close();
			await gateway.close();
			await sql.end({ timeout: 1 });
			await server.stop();
		}
	};
}

/** Subscribes, and waits until the server agreed; throws the server's refusal. */
export function joined(channel: RealtimeChannel): Promise<RealtimeChannel> {
	return new Promise((resolve, reject) => {
		channel.subscribe((status, error) => {
			if (status === 'SUBSCRIBED') resolve(channel);
			else if (status !== 'CLOSED') reject(error ?? new Error(status));
		});
	});
}

/** Subscribes to changes, and waits until they will be heard. */
export async function listening(channel: RealtimeChannel): Promise<RealtimeChannel> {
	const heard = new Promise<void>((resolve, reject) => {
		channel.on('system', {}, (message: { extension: string; status: string; message: string }) => {
			if (message.extension !== 'postgres_changes') return;
			if (message.status === 'ok') resolve();
			else reject(new Error(message.message));
		});
	});
	await joined(channel);
	await heard;
	return channel;
}

/** Waits until something holds. */
export async function until(condition: () => unknown, milliseconds = 10_000): Promise<void> {
	const end = Date.now() + milliseconds;
	while (!condition()) {
		if (Date.now() > end) throw new Error(`it never happened: ${condition.toString()}`);
		await pause(10);
	}
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
