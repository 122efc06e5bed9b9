import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Jwt } from '../jwt.ts';
import type { ApiKeys } from '../keys.ts';
import { assertPortFree } from '../postgres/port.ts';
import type { RequestContext, Service } from '../service.ts';
import { allowOrigin, answerPreflight, isPreflight } from './cors.ts';
import { createCredentialReader } from './credentials.ts';
import { findRoute, type Route } from './routes.ts';

export interface GatewayOptions {
	port: number;
	jwt: Jwt;
	keys: ApiKeys;
	/** By the first word of the path: `{ rest, auth, … }`. */
	services: Partial<Record<Route['service'], Service>>;
	log?: (line: string) => void;
}

/** A refusal of the gateway itself, worded as Supabase's is. */
interface Refusal {
	status: number;
	body: { message: string; hint?: string };
}

const NO_ROUTE: Refusal = { status: 404, body: { message: 'no Route matched with those values' } };
const NO_KEY: Refusal = {
	status: 401,
	body: { message: 'No API key found in request', hint: 'No `apikey` request header or url param was found.' }
};
const WRONG_KEY: Refusal = {
	status: 401,
	body: { message: 'Invalid API key', hint: 'Double check your Supabase `anon` or `service_role` API key.' }
};
const TOO_LARGE: Refusal = { status: 413, body: { message: 'Request size limit exceeded' } };
const BAD_ADDRESS: Refusal = { status: 400, body: { message: 'Bad request address' } };
const BROKEN: Refusal = { status: 500, body: { message: 'An unexpected error occurred' } };

/** One HTTP server in front of all services, on the loopback: finds the service, checks the API key, minds CORS. */
export async function startGateway(options: GatewayOptions): Promise<{ close(): Promise<void> }> {
	const { services, log = () => {} } = options;
	const readCredentials = createCredentialReader(options.keys);

	function admit(request: IncomingMessage): { service: Service; context: RequestContext } | Refusal {
		const url = parseAddress(request);
		if (!url) return BAD_ADDRESS;
		const route = findRoute(url.pathname);
		const service = route && services[route.service];
		if (!route || !service) return NO_ROUTE;
		if (Number(request.headers['content-length'] ?? 0) > route.bodyLimit) return TOO_LARGE;

		const credentials = readCredentials(request, url);
		if (route.keyRequired && credentials.apikey === 'wrong') return WRONG_KEY;
		if (route.keyRequired && !credentials.apikey) return NO_KEY;

		url.pathname = url.pathname.slice(route.prefix.length) || '/';
		if (route.hidesKey) url.searchParams.delete('apikey');
		const token = credentials.apikey === 'wrong' ? null : credentials.token;
		const context: RequestContext = {
			url,
			ip: request.socket.remoteAddress ?? '127.0.0.1',
			token,
			apikey: credentials.apikey === true,
			claims: async () => (token === null ? null : options.jwt.verify(token))
		};
		return { service, context };
	}

	const server = http.createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
		const isFunction = request.url?.startsWith('/functions/') ?? false;
		if (!isFunction) {
			if (isPreflight(request)) return answerPreflight(request, response);
			allowOrigin(response); // a function speaks CORS for itself, as on a hosted project
		}
		const admitted = admit(request);
		if (!('service' in admitted)) {
			if (isFunction) allowOrigin(response);
			return refuse(response, admitted);
		}
		admitted.service.handle(request, response, admitted.context).catch((error: unknown) => {
			log(
				`${request.method} ${request.url?.split('?')[0]} failed: ${error instanceof Error ? error.stack : String(error)}`
			);
			if (response.headersSent) response.destroy();
			else refuse(response, BROKEN);
		});
	});

	const upgraded = new Set<Duplex>(); // the server waits for them but no longer knows them
	server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		upgraded.add(socket);
		socket.on('close', () => upgraded.delete(socket));
		socket.on('error', () => socket.destroy());
		const admitted = admit(request);
		if (!('service' in admitted)) return refuseUpgrade(socket, admitted);
		if (!admitted.service.upgrade) return refuseUpgrade(socket, NO_ROUTE);
		admitted.service.upgrade(request, socket, head, admitted.context).catch((error: unknown) => {
			log(`upgrade ${request.url?.split('?')[0]} failed: ${error instanceof Error ? error.stack : String(error)}`);
			socket.destroy();
		});
	});

	server.keepAliveTimeout = 75_000; // longer than common clients keep an idle connection, so they never hit a closed one
	await assertPortFree(options.port);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, '127.0.0.1', resolve);
	});
	return {
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
				for (const socket of upgraded) socket.destroy();
			})
	};
}

function parseAddress(request: IncomingMessage): URL | undefined {
	try {
		return new URL(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`);
	} catch {
		return undefined;
	}
}

function refuse(response: ServerResponse, { status, body }: Refusal): void {
	const text = JSON.stringify(body);
	response.writeHead(status, {
		'Content-Type': 'application/json; charset=utf-8',
		'Content-Length': Buffer.byteLength(text),
		...(status === 413 ? { Connection: 'close' } : {})
	});
	response.end(text);
}

function refuseUpgrade(socket: Duplex, { status, body }: Refusal): void {
	const text = JSON.stringify(body);
	socket.end(
		`HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`
	);
}
