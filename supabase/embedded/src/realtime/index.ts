import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import type { Jwt } from '../jwt.ts';
import type { RequestContext, Service } from '../service.ts';
import { createAuthorization } from './authorization.ts';
import { createBroadcastReader } from './broadcasts.ts';
import { Changes } from './changes/index.ts';
import { handleHttp } from './http.ts';
import type { Hub } from './hub.ts';
import { LIMITS, type Limits } from './limits.ts';
import { keepPartitions } from './partitions.ts';
import { Presence } from './presence.ts';
import { Socket } from './socket.ts';
import { readToken, TokenRefused } from './token.ts';
import { Topics } from './topics.ts';
import { streamWal } from './wal/stream.ts';

export type { Limits } from './limits.ts';

export interface RealtimeOptions {
	/** Of supabase_replication_admin. */
	url: string;
	jwt: Jwt;
	limits?: Partial<Limits>;
	log?(line: string): void;
}

export interface RealtimeService extends Service {
	/** Resolves when what the database broadcasts from here on will be heard. */
	readonly ready: Promise<void>;
}

const HALF_A_DAY = 43_200_000;

/** Supabase Realtime's wire on plain Postgres: broadcast, presence and postgres_changes, as realtime-js speaks them. */
export async function createRealtime(options: RealtimeOptions): Promise<RealtimeService> {
	const { url, jwt, log = () => {} } = options;
	const limits = { ...LIMITS, ...options.limits };
	const pool = new pg.Pool({
		connectionString: url,
		max: 4,
		options: '-c search_path=public,extensions -c statement_timeout=10s',
		application_name: 'realtime'
	});
	pool.on('error', () => {}); // an idle connection died; the next query opens another
	pool.on('connect', (client) => client.on('error', () => {})); // the query that is lost says so
	await keepPartitions(pool);
	const partitions = setInterval(
		() => void keepPartitions(pool).catch((error: Error) => log(`partitions of realtime.messages: ${error.message}`)),
		HALF_A_DAY
	).unref();

	const topics = new Topics();
	const changes = new Changes({ url, pool, limits, log });
	const hub: Hub = {
		jwt,
		limits,
		pool,
		topics,
		changes,
		presence: new Presence(topics),
		authorization: createAuthorization(pool),
		log
	};
	const sockets = new Set<Socket>();
	const broadcasts = streamWal({
		url,
		publication: 'supabase_realtime_messages_publication',
		onMessage: createBroadcastReader(topics),
		// What was sent while the stream was away is lost. A client catches up when it joins, so all are made to join anew.
		onStart: (first) => {
			if (!first) for (const socket of sockets) socket.close(1012, 'The database was away');
		},
		log
	});

	const server = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytes, perMessageDeflate: false });

	async function upgrade(request: IncomingMessage, wire: Duplex, head: Buffer, context: RequestContext): Promise<void> {
		const refusal = await refuse(jwt, context);
		if (refusal) return answer(wire, refusal);
		server.handleUpgrade(request, wire, head, (webSocket) => {
			if ('setNoDelay' in wire && typeof wire.setNoDelay === 'function') wire.setNoDelay(true);
			const version = context.url.searchParams.get('vsn')?.startsWith('2') ? 2 : 1;
			const socket = new Socket(hub, webSocket, wire, version, context.token ?? '');
			sockets.add(socket);
			webSocket.on('close', () => sockets.delete(socket));
		});
	}

	return {
		ready: broadcasts.live(),
		handle: (request, response, context) => handleHttp(hub, request, response, context),
		upgrade,
		async close() {
			clearInterval(partitions);
			for (const socket of sockets) socket.close(1001, 'Realtime is stopping');
			await Promise.all([broadcasts.stop(), changes.close()]);
			for (const client of server.clients) client.terminate();
			server.close();
			await pool.end();
		}
	};
}

async function refuse(jwt: Jwt, { url, token }: RequestContext): Promise<{ status: string; message: string } | null> {
	if (!/\/websocket\/?$/.test(url.pathname)) return { status: '404 Not Found', message: 'Not found' };
	if (token === null) return { status: '401 Unauthorized', message: 'API key is missing' };
	try {
		await readToken(jwt, token);
		return null;
	} catch (error) {
		if (!(error instanceof TokenRefused)) throw error;
		return { status: '401 Unauthorized', message: error.message };
	}
}

function answer(wire: Duplex, { status, message }: { status: string; message: string }): void {
	const body = JSON.stringify({ error: message });
	wire.end(
		`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
	);
}
