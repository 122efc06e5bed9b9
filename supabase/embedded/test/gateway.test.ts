import { createServer } from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '../src/gateway/index.ts';
import { createJwt } from '../src/jwt.ts';
import { loadKeys, type ApiKeys } from '../src/keys.ts';
import { freePort } from '../src/postgres/index.ts';
import type { Service } from '../src/service.ts';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const SECRET = 'a-secret-for-tests-of-at-least-32-characters';
let folder: string;
let keys: ApiKeys;
let url: string;
let gateway: { close(): Promise<void> };
const jwt = createJwt(SECRET);

/** Says what it was told. */
const echo: Service = {
	async handle(_request, response, context) {
		const claims = await context.claims().catch((error: Error) => ({ error: error.message }));
		response.setHeader('Content-Type', 'application/json');
		response.end(
			JSON.stringify({
				path: context.url.pathname + context.url.search,
				apikey: context.apikey,
				claims,
				ip: context.ip
			})
		);
	},
	async upgrade(_request, socket, _head, context) {
		socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${(await context.claims())?.role}`);
	},
	close: async () => {}
};
const broken: Service = { handle: () => Promise.reject(new Error('secret inner thing')), close: async () => {} };

beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'rest-gateway-'));
	keys = await loadKeys(folder, SECRET);
	const port = await freePort();
	url = `http://127.0.0.1:${port}`;
	gateway = await startGateway({
		port,
		jwt,
		keys,
		services: { rest: echo, auth: echo, realtime: echo, functions: echo, storage: broken }
	});
});
afterAll(async () => {
	await gateway.close();
	await rm(folder, { recursive: true, force: true });
});

const get = async (route: string, headers: Record<string, string> = {}) => {
	const response = await fetch(url + route, { headers });
	return {
		status: response.status,
		headers: response.headers,
		json: (await response.json()) as Record<string, unknown>
	};
};
const role = async (headers: Record<string, string>, route = '/rest/v1/x') =>
	((await get(route, headers)).json['claims'] as { role?: string } | null)?.role;

describe('API keys', () => {
	it('of both kinds stand for their role', async () => {
		expect(await role({ apikey: keys.anonKey })).toBe('anon');
		expect(await role({ apikey: keys.publishableKey })).toBe('anon');
		expect(await role({ apikey: keys.serviceRoleKey })).toBe('service_role');
		expect(await role({ apikey: keys.secretKey })).toBe('service_role');
		expect(await role({}, `/rest/v1/x?apikey=${keys.secretKey}`)).toBe('service_role');
	});

	it('give way to a token of a person', async () => {
		const authorization = `Bearer ${await jwt.sign({ role: 'authenticated', sub: 'u1' })}`;
		expect(await role({ apikey: keys.publishableKey, authorization })).toBe('authenticated');
		expect(await role({ apikey: keys.secretKey, authorization })).toBe('authenticated');
	});

	it('of the short kind may be the bearer itself, as supabase-js sends them', async () => {
		expect(await role({ apikey: keys.publishableKey, authorization: `Bearer ${keys.publishableKey}` })).toBe('anon');
		expect(await role({ authorization: `Bearer ${keys.secretKey}` })).toBe('service_role');
	});

	it('are demanded, and wrong ones refused', async () => {
		expect(await get('/rest/v1/x')).toMatchObject({ status: 401, json: { message: 'No API key found in request' } });
		for (const headers of [
			{ apikey: 'nonsense' },
			{ apikey: keys.publishableKey + 'x' },
			{ apikey: keys.anonKey.slice(0, -1) },
			{ authorization: 'Bearer sb_secret_wrong' },
			{ apikey: keys.anonKey, authorization: 'Bearer sb_secret_wrong' },
			{ apikey: await jwt.sign({ role: 'service_role' }) }
		] as Record<string, string>[])
			expect(await get('/rest/v1/x', headers)).toMatchObject({ status: 401, json: { message: 'Invalid API key' } });
		const token = await jwt.sign({ role: 'authenticated' });
		expect((await get('/rest/v1/x', { authorization: `Bearer ${token}` })).status).toBe(401);
	});

	it('are not asked of webhooks, nor of links in mails', async () => {
		expect(await get('/functions/v1/whatsapp?hub.mode=subscribe')).toMatchObject({
			status: 200,
			json: { path: '/whatsapp?hub.mode=subscribe', claims: null, apikey: false }
		});
		expect((await get('/functions/v1/whatsapp', { apikey: 'someone else’s'.replace('’', '') })).status).toBe(200);
		expect((await get('/auth/v1/verify?token=x')).status).toBe(200);
		expect((await get('/auth/v1/user')).status).toBe(401);
	});

	it('do not look like filters', async () => {
		expect((await get(`/rest/v1/x?id=eq.1&apikey=${keys.anonKey}`)).json['path']).toBe('/x?id=eq.1');
	});

	it('stay the same, are nobody else’s to read, and change with the secret', async () => {
		expect(await loadKeys(folder, SECRET)).toEqual(keys);
		expect((await stat(path.join(folder, 'keys.json'))).mode & 0o777).toBe(0o600);
		expect(await loadKeys(await mkdtemp(path.join(folder, 'other-')), SECRET)).not.toEqual(keys);
		const elsewhere = await mkdtemp(path.join(folder, 'moved-'));
		await writeFile(path.join(elsewhere, 'keys.json'), await readFile(path.join(folder, 'keys.json')));
		const renewed = await loadKeys(elsewhere, `${SECRET}-2`);
		expect(await createJwt(`${SECRET}-2`).verify(renewed.anonKey)).toMatchObject({ role: 'anon' });
		expect(renewed.secretKey).not.toBe(keys.secretKey);
	});
});

describe('browsers', () => {
	it('of any origin may send what supabase-js sends and read what it reads', async () => {
		const preflight = await fetch(`${url}/rest/v1/x`, {
			method: 'OPTIONS',
			headers: {
				origin: 'http://localhost:3000',
				'access-control-request-method': 'PATCH',
				'access-control-request-headers': 'apikey,authorization,prefer,x-client-info,content-profile'
			}
		});
		expect(preflight.status).toBe(200);
		expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
		expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
		expect(preflight.headers.get('access-control-allow-headers')).toBe(
			'apikey,authorization,prefer,x-client-info,content-profile'
		);
		const answer = await get('/rest/v1/x', { apikey: keys.anonKey });
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		expect(answer.headers.get('access-control-expose-headers')).toContain('Content-Range');
		expect((await get('/rest/v1/x')).headers.get('access-control-allow-origin')).toBe('*');
	});

	it('are answered by a function itself, which speaks for its own origin rules', async () => {
		const preflight = await fetch(`${url}/functions/v1/f`, {
			method: 'OPTIONS',
			headers: { 'access-control-request-method': 'POST' }
		});
		expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
		expect(await preflight.json()).toMatchObject({ path: '/f' });
	});
});

describe('what goes wrong', () => {
	it('is told as JSON: no such route, too large, broken inside', async () => {
		expect(await get('/nowhere')).toMatchObject({
			status: 404,
			json: { message: 'no Route matched with those values' }
		});
		expect((await get('/rest/v11/x')).status).toBe(404);
		expect((await get('/')).status).toBe(404);
		const inner = await get('/storage/v1/object');
		expect(inner).toMatchObject({ status: 500, json: { message: 'An unexpected error occurred' } });
		expect(JSON.stringify(inner.json)).not.toContain('secret inner thing');
		const large = await fetch(`${url}/auth/v1/token`, {
			method: 'POST',
			headers: { apikey: keys.anonKey },
			body: 'x'.repeat(2_000_000)
		}).catch(() => undefined);
		expect(large?.status ?? 413).toBe(413);
	});

	it('is told to a socket as well', async () => {
		const upgrade = (query: string) =>
			new Promise<string>((resolve) => {
				const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
				let text = '';
				socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text));
				socket.write(
					`GET /realtime/v1/websocket${query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
				);
			});
		expect(await upgrade('')).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n/);
		expect(await upgrade(`?apikey=${keys.publishableKey}&vsn=2.0.0`)).toMatch(/^HTTP\/1.1 101 .*\r\n\r\nanon$/s);
	});

	it('does not keep a stop waiting: an open socket is cut', async () => {
		const port = await freePort();
		const held: Service = {
			...echo,
			upgrade: async (_request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
		};
		const other = await startGateway({ port, jwt, keys, services: { realtime: held } });
		const socket = net.connect(port, '127.0.0.1');
		socket.write(
			`GET /realtime/v1/websocket?apikey=${keys.anonKey} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
		);
		await new Promise((resolve) => socket.once('data', resolve));
		const cut = new Promise((resolve) => socket.once('close', resolve));
		await other.close();
		await cut;
	});

	it('names who holds the port', async () => {
		const holder = createServer();
		await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
		const { port } = holder.address() as net.AddressInfo;
		await expect(startGateway({ port, jwt, keys, services: {} })).rejects.toThrow(`Port ${port} is taken`);
		holder.close();
	});
});
