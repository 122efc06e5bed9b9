import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { encryptedFor } from '../../../workers/src/modules/encrypted.testing.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { saidIn } from '../flows/bots.ts';
import { uuid } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { publishAgent, SECRETS_KEY, takes, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
let shop: Server;
let url: string;
let asked: { method: string; url: string; key: string; idempotency: string; body: string }[] = [];

beforeAll(async () => {
	shop = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += String(chunk)));
		request.on('end', () => {
			asked.push({
				method: request.method ?? '',
				url: request.url ?? '',
				key: String(request.headers['x-api-key']),
				idempotency: String(request.headers['idempotency-key']),
				body
			});
			if (request.url?.includes('missing')) return void response.writeHead(404).end('{}');
			response.writeHead(200).end('{"state": "a caminho", "receiver": "529.982.247-25"}');
		});
	}).listen(0, '127.0.0.1');
	await new Promise((done) => shop.once('listening', done));
	url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
});
afterAll(() => {
	shop.closeAllConnections();
	shop.close();
});
beforeEach(() => {
	asked = [];
});
afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.tenant_modules`;
});

async function connect(): Promise<string> {
	const id = crypto.randomUUID();
	const configuration = { url: `${url}/v1`, auth: 'header', header: 'X-Api-Key', test_path: '/' };
	const row = { id, module: 'http', name: 'Loja', configuration, holds: ['secret'] };
	const secrets = await encryptedFor(await readSecretKeys(SECRETS_KEY), id, { secret: 'k-123' });
	await database.modules`select private.save_module(
		${JSON.stringify({ id: uuid('ana'), aal: null })}::text::jsonb, ${uuid('padaria')},
		${JSON.stringify(row)}::text::jsonb, ${secrets}::text::jsonb
	)`;
	return id;
}

const own = (connection: string) => [
	{
		name: 'order_state',
		description: 'Where an order is',
		connection,
		path: '/orders/{order}',
		parameters: [{ name: 'order', type: 'text' }]
	},
	{
		name: 'order_cancel',
		description: 'Cancels an order',
		connection,
		method: 'POST',
		path: '/orders/{order}/cancel',
		parameters: [{ name: 'order', type: 'text' }]
	}
];
const calls = (name: string, input: object) =>
	stage.post('answers', { calls: [{ name, arguments: JSON.stringify(input) }], format: 'text' });
const told = () =>
	stage.model.asked
		.flatMap(({ body }) => (body as { messages?: { role: string; content: string }[] }).messages ?? [])
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => content)
		.at(-1);

test('an agent asks the company’s own system through its connection; the key and personal data stay here', async () => {
	const connection = await connect();
	await publishAgent(database, { tools: ['http', 'hand_over'], http_tools: own(connection) });
	const { id } = await customerWrites(database, 'onde está meu pedido 77?');
	await calls('order_state', { order: '77' });
	await takes(await stage.deps(database, 'simulated', [url]), id);
	expect(asked).toMatchObject([{ method: 'GET', url: '/v1/orders/77', key: 'k-123' }]);
	expect(told()).toBe('{"ok":true,"answer":{"state":"a caminho","receiver":"[CPF_1]"}}');
	expect((await saidIn(database, id)).at(-1)).toContain('receiver: 529.982.247-25');
	const left = JSON.stringify(stage.model.asked.map(({ body }) => body));
	for (const secret of ['k-123', url, connection, '529.982']) expect(left).not.toContain(secret);
});

test('what changes something is done once a turn, under one idempotency key', async () => {
	const connection = await connect();
	await publishAgent(database, { tools: ['http'], http_tools: own(connection) });
	const { id, phone } = await customerWrites(database, 'cancela o pedido 77');
	for (const _ of [1, 2]) await calls('order_cancel', { order: '77' });
	const worker = await stage.deps(database, 'simulated', [url]);
	await takes(worker, id);
	expect(asked.map(({ method }) => method)).toEqual(['POST']);
	expect(await turnsIn(database, id)).toMatchObject([{ actions: [{ tool: 'order_cancel' }] }]);

	// A worker that dies before it knows: the other side is asked again, with the key by which it can tell.
	await receive(database.door, [delivery([textFrom(phone, 'cancela o 78')])]);
	await database.owner`update private.ai_changes set outcome = null, done_at = null where conversation_id = ${id}`;
	await calls('order_cancel', { order: '77' });
	await takes(worker, id);
	expect(asked.map(({ method }) => method)).toEqual(['POST', 'POST']);
	expect(new Set(asked.map(({ idempotency }) => idempotency)).size).toBe(1);
});

test('a failure, a path that climbs and a connection that is off are told as data', async () => {
	const connection = await connect();
	await publishAgent(database, { tools: ['http'], http_tools: own(connection) });
	const worker = await stage.deps(database, 'simulated', [url]);
	const ask = async (order: string) => {
		const { id } = await customerWrites(database, 'onde está meu pedido?');
		await calls('order_state', { order });
		await takes(worker, id);
	};
	await ask('missing');
	expect(told()).toBe('{"error":"the other system did not do it (status)","status":404}');
	await ask('..');
	expect(told()).toBe('{"error":"the other system did not do it (address_refused)"}');
	expect(asked).toHaveLength(1);

	await database.owner`update public.tenant_modules set enabled = false`;
	await ask('77');
	expect(told()).toBe('{"error":"there is no such tool"}');
	expect(asked).toHaveLength(1);
});
