import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGraphClient, type GraphClient } from './client.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

let server: http.Server;
let handler: Handler;
let graph: GraphClient;
let connections: number;

beforeEach(async () => {
	connections = 0;
	server = http.createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += chunk)).on('end', () => handler(request, response, body));
	});
	server.on('connection', () => connections++);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as net.AddressInfo;
	graph = createGraphClient({ url: `http://127.0.0.1:${port}`, version: 'v26.0', connections: 4, timeout: 300 });
});

afterEach(async () => {
	graph.close();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const send = () => graph.sendMessage('106540352242922', 'EAAtoken', { to: '5511987654321', text: { body: 'Olá 👋' } });

function answerWith(status: number, body: string): void {
	handler = (_request, response) => response.writeHead(status).end(body);
}

test('a message goes to its number with the token, whole, and Meta’s id comes back', async () => {
	let seen: { url: string | undefined; authorization: string | undefined; body: unknown } | undefined;
	handler = ({ url, headers }, response, body) => {
		seen = { url, authorization: headers.authorization, body: JSON.parse(body) };
		response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: 'wamid.HBg1' }] }));
	};
	expect(await send()).toEqual({ type: 'accepted', external_id: 'wamid.HBg1' });
	expect(seen).toEqual({
		url: '/v26.0/106540352242922/messages',
		authorization: 'Bearer EAAtoken',
		body: { to: '5511987654321', text: { body: 'Olá 👋' } }
	});
});

test('messages one after another share a connection', async () => {
	answerWith(200, JSON.stringify({ messages: [{ id: 'wamid.1' }] }));
	for (let count = 0; count < 5; count++) await send();
	expect(connections).toBe(1);
});

test('an error of Meta’s keeps its code, title and details', async () => {
	answerWith(
		400,
		JSON.stringify({
			error: {
				message: '(#131047) Re-engagement message',
				type: 'OAuthException',
				code: 131047,
				error_data: { messaging_product: 'whatsapp', details: 'More than 24 hours have passed' },
				fbtrace_id: 'Az8'
			}
		})
	);
	expect(await send()).toEqual({
		type: 'refused',
		status: 400,
		error: { code: 131047, title: '(#131047) Re-engagement message', details: 'More than 24 hours have passed' }
	});
});

test('an error without details is one too', async () => {
	answerWith(500, JSON.stringify({ error: { message: 'Something went wrong', code: 131000 } }));
	expect(await send()).toMatchObject({ type: 'refused', status: 500, error: { code: 131000, details: null } });
});

test.each([
	['an empty answer', 200, ''],
	['a page', 200, '<html>ok</html>'],
	['an answer without an id', 200, '{"messages":[]}'],
	['a gateway’s 502', 502, '<html>Bad gateway</html>'],
	['a 500 without a body', 500, '']
])('after %s nobody knows whether the message was taken', async (_name, status, body) => {
	answerWith(status, body);
	expect(await send()).toMatchObject({ type: 'lost' });
});

test.each([
	['a proxy that wants a password', 407, 'Proxy Authentication Required'],
	['a redirect', 302, ''],
	['a wrong address', 404, '<html>Not found</html>'],
	['a proxy’s limit', 429, 'slow down']
])('%s took nothing: the message may be sent again', async (_name, status, body) => {
	answerWith(status, body);
	expect(await send()).toMatchObject({ type: 'unreached' });
});

test('an answer that does not come in time is lost', async () => {
	handler = () => {};
	expect(await send()).toEqual({ type: 'lost', reason: 'no answer within 0.3 s' });
});

test('a body that stops in the middle is lost', async () => {
	handler = (_request, response) => {
		response.writeHead(200, { 'content-length': '500' });
		response.write('{"messages":[{"id":"wamid.');
		setTimeout(() => response.destroy(), 20);
	};
	expect(await send()).toMatchObject({ type: 'lost' });
});

test('a connection cut after the message was sent is lost', async () => {
	handler = (request) => request.socket.destroy();
	expect(await send()).toMatchObject({ type: 'lost' });
});

test('a server that is not there was not reached', async () => {
	const free = net.createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => free.once('listening', resolve));
	const { port } = free.address() as net.AddressInfo;
	await new Promise((resolve) => free.close(resolve));
	const away = createGraphClient({ url: `http://127.0.0.1:${port}`, version: 'v26.0', connections: 1 });
	expect(await away.sendMessage('1', 't', {})).toEqual({ type: 'unreached', reason: 'ECONNREFUSED', nobody: true });
	away.close();
});

test('a handshake that fails was not reached: not a byte of the message had left', async () => {
	const plain = net.createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
	await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
	const { port } = plain.address() as net.AddressInfo;
	const secure = createGraphClient({ url: `https://127.0.0.1:${port}`, version: 'v26.0', connections: 1 });
	expect(await secure.sendMessage('1', 't', {})).toMatchObject({ type: 'unreached' });
	secure.close();
	await new Promise((resolve) => plain.close(resolve));
});

test('an endless answer is given up', async () => {
	handler = (_request, response) => {
		const chunk = 'x'.repeat(65_536);
		const pour = () => {
			while (!response.destroyed && response.write(chunk));
		};
		response.on('drain', pour);
		pour();
	};
	expect(await send()).toEqual({ type: 'lost', reason: 'the answer is larger than 1 MB' });
});

test('it is asked with the connection open whether a message may still leave; one that may not never does', async () => {
	let requests = 0;
	handler = (_request, response) => {
		requests++;
		response.end(JSON.stringify({ messages: [{ id: 'wamid.1' }] }));
	};
	const asked: number[] = [];
	const held = () =>
		graph.sendMessage('1', 't', {}, async () => {
			await expect.poll(() => connections).toBe(1);
			return asked.push(connections) > 1;
		});
	expect(await held()).toEqual({ type: 'withheld' });
	expect(requests).toBe(0);
	connections = 0;
	expect(await held()).toEqual({ type: 'accepted', external_id: 'wamid.1' });
	expect(asked).toEqual([1, 1]);
	expect(requests).toBe(1);
});
