import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { secondInvoice } from '@prosa/core/flows/ready/second_invoice.ts';
import type { JobHelpers } from 'graphile-worker';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SGP_APP, SGP_TOKEN, startSgpSimulator, type SgpSimulator } from '../../../simulators/sgp/index.ts';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, receive, textFrom } from '../../../tests/database/deliveries.ts';
import { publishFlow, runsIn, saidIn, works } from '../../../tests/database/flows/bots.ts';
import { PEOPLE, uuid } from '../../../tests/database/people.ts';
import { customerWrites } from '../../../tests/database/threads.ts';
import { encryptedFor } from '../modules/encrypted.testing.ts';
import { flowCall } from './flow__call.ts';
import { moduleTest } from './module__test.ts';

const database = useDatabase();
const keys = await readSecretKeys(`k1:${randomBytes(32).toString('base64')}`);
const helpers = {
	logger: { warn() {}, info() {} },
	abortSignal: new AbortController().signal
} as unknown as JobHelpers;
const tenant = uuid('padaria');
/** As the edge function names whom it acts for. */
const asked = (person: string) => JSON.stringify({ id: uuid(person), aal: null });
let sgp: SgpSimulator;
let shop: Server;
let shopUrl: string;
const shown: (string | undefined)[] = [];

beforeAll(async () => {
	sgp = await startSgpSimulator();
	shop = createServer((request, response) => {
		shown.push(request.headers['x-api-key'] as string | undefined);
		if (request.url === '/v1/slow') return void setTimeout(() => response.end('{}'), 3_000);
		if (request.url === '/v1/moved') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
		response.writeHead(request.headers['x-api-key'] === 'k-123' ? 200 : 401).end('{"estado": "enviado"}');
	}).listen(0, '127.0.0.1');
	await new Promise((done) => shop.once('listening', done));
	shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
});
afterAll(async () => {
	await sgp.close();
	shop.closeAllConnections();
	shop.close();
});
beforeEach(async () => {
	await database.owner`delete from public.tenant_modules`;
	await database.owner`update public.flow_triggers set active = false`;
	shown.length = 0;
	sgp.asked.length = 0;
});

/** Keeps an integration as the edge function does, in Ana's name. Gives its id. */
async function keep(
	module: string,
	configuration: object,
	secrets: Record<string, string>,
	{ id = crypto.randomUUID() as string, name = module === 'http' ? 'Loja' : '', person = 'ana', company = tenant } = {}
): Promise<string> {
	const row = { id, module, name, configuration, holds: Object.keys(secrets) };
	await database.modules`select private.save_module(
		${asked(person)}::text::jsonb, ${company}, ${JSON.stringify(row)}::text::jsonb, ${await encryptedFor(keys, id, secrets)}::text::jsonb
	)`;
	return id;
}
const keepSgp = (more: object = {}, token = SGP_TOKEN) =>
	keep('sgp', { url: sgp.url, app: SGP_APP, seconds: 1, unblock: true, ...more }, { token });
const fault = (body: object) =>
	fetch(`${sgp.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(body) }).then(({ status }) =>
		expect(status).toBe(201)
	);

async function tested(id: string, origins = [sgp.url, shopUrl]) {
	await moduleTest({ db: database.worker, keys, flowOrigins: origins })({ module_id: id }, helpers);
	const [row] = await database.as('ana', (sql) => sql`select * from public.tenant_modules where id = ${id}`);
	return row;
}

/** Makes the calls that flows wait for, as often as `times`, and takes the flow further. */
async function calls(conversation: string, origins = [sgp.url, shopUrl]) {
	const call = flowCall({
		db: database.worker,
		keys,
		flowOrigins: origins,
		ai: { baseUrl: 'http://127.0.0.1:9/v1', key: null, model: null }
	});
	for (let round = 0; round < 6; round++) {
		await works(database, conversation);
		const waiting = await database.owner<{ id: string }[]>`
			select id from private.flow_calls where conversation_id = ${conversation} and outcome is null`;
		if (waiting.length === 0) return;
		for (const { id } of waiting) await call({ flow_call_id: id }, helpers);
	}
}

test('a test really calls SGP, and says how it went in a sentence of the catalogue', async () => {
	const id = await keepSgp();
	expect(await tested(id)).toMatchObject({ last_error: null, revision: 1 });
	expect(sgp.asked).toEqual(['/api/ura/consultacliente']);
	await fault({ delay_ms: 2_500, times: 2 });
	expect(await tested(id)).toMatchObject({ last_error: 'sgp_unreachable' });
	await fault({ malformed: 'html' });
	expect(await tested(id)).toMatchObject({ last_error: 'sgp_unreadable' });
	expect(await tested(id, [])).toMatchObject({ last_error: 'module_address_refused' });
	await database.owner`delete from public.tenant_modules`;
	expect(await tested(await keepSgp({}, 'wrong-token'))).toMatchObject({ last_error: 'sgp_refused' });
}, 20_000);

test('what was changed while it was tested was not tested', async () => {
	const id = await keepSgp();
	await database.worker`select private.settle_module_test(${id}, 7, '{"error": null, "ms": 1}')`;
	const [row] = await database.owner`select tested_at from public.tenant_modules where id = ${id}`;
	expect(row).toEqual({ tested_at: null });
});

test('a connection is tested with its key, and follows no redirect', async () => {
	const connection = (test_path: string, secret = 'k-123') =>
		keep(
			'http',
			{ url: `${shopUrl}/v1`, auth: 'header', header: 'X-Api-Key', test_path },
			{ secret },
			{ name: test_path + secret }
		);
	expect(await tested(await connection('/'))).toMatchObject({ last_error: null, last_detail: 'HTTP 200' });
	expect(await tested(await connection('/', 'other'))).toMatchObject({ last_error: 'module_refused' });
	expect(await tested(await connection('/moved'))).toMatchObject({
		last_error: 'module_answered_badly',
		last_detail: 'HTTP 302'
	});
	expect(shown).toEqual(['k-123', 'other', 'k-123']);
});

test('a secret that was moved to another integration opens nothing', async () => {
	const id = await keepSgp();
	const other = await keep('http', { url: shopUrl, auth: 'bearer', test_path: '/' }, { secret: 'x' });
	await database.owner`
		update private.module_secrets s set nonce = o.nonce, ciphertext = o.ciphertext
		from private.module_secrets o where s.module_id = ${other} and o.module_id = ${id}`;
	expect(await tested(other)).toMatchObject({ last_error: 'module_secret_unreadable' });
	expect(shown).toEqual([]);
});

test('a customer gets the second invoice and is unblocked by the ready-made flow', async () => {
	await keepSgp();
	const { nodes, edges, variables } = secondInvoice('pt-BR');
	await publishFlow(
		database,
		{
			nodes: nodes.filter(({ id }) => id !== 'start'),
			lines: edges.map(({ from, branch, to }) => `${from === 'start' ? 's' : from}:${branch} > ${to}`),
			variables
		},
		[{ type: 'keyword', words: ['boleto'], match: 'whole' }]
	);
	const { id, phone } = await customerWrites(database, 'boleto');
	await calls(id);
	await receive(database.door, [delivery([textFrom(phone, '11.222.333/0001-81')])]);
	await calls(id);
	const said = await saidIn(database, id);
	expect(said.slice(3)).toEqual([
		expect.stringMatching(/^bot: A fatura de R\$ 249,90 vence em 10\/10\/2026\. Boleto:\n\d{47}$/),
		'bot: Ou pague por PIX, copiando o código da próxima mensagem:',
		expect.stringContaining('br.gov.bcb.pix'),
		expect.stringContaining('Seu acesso está suspenso')
	]);
	await receive(database.door, [delivery([textFrom(phone, 'Sim, liberar')])]);
	await calls(id);
	expect((await saidIn(database, id)).slice(8)).toEqual([
		'bot: Pronto! Liberado por 3 dias. Protocolo 20264712. Reinicie o roteador em dois minutos.',
		'bot: Precisando, é só chamar. 👋'
	]);
	expect(await runsIn(database, id)).toMatchObject([{ outcome: 'completed', fault: null }]);
	const [kept] =
		await database.owner`select count(*)::int as n from private.flow_calls where request::text ~ ${SGP_TOKEN}`;
	expect(kept).toEqual({ n: 0 });
});

const asks = (ask: string, more: object = {}) => ({
	nodes: [
		{ id: 'q', type: 'sgp', ask, document: '529.982.247-25', contract: '4711', ...more },
		{ id: 'm', type: 'message', text: 'certo' },
		{ id: 'e', type: 'message', text: 'deu erro' }
	],
	lines: ['s > q', 'q > m', 'q:refused > m', 'q:none > m', 'q:error > e']
});

test.each([
	[
		'off',
		async (id: string) => database.as('ana', (sql) => sql`select public.switch_module(${id}, false)`),
		'module_off'
	],
	['slow', async () => fault({ delay_ms: 2_500, times: 2 }), 'sgp_unreachable'],
	['failing', async () => fault({ status: 500, times: 2 }), 'sgp_unreachable'],
	['talking nonsense', async () => fault({ malformed: 'shape' }), 'sgp_unreadable']
])(
	'a flow takes its way for errors while SGP is %s',
	async (_, spoil, code) => {
		const id = await keepSgp();
		await spoil(id);
		await publishFlow(database, asks('customer'), [{ type: 'keyword', words: ['cliente'], match: 'whole' }]);
		const { id: conversation } = await customerWrites(database, 'cliente');
		await calls(conversation);
		expect((await saidIn(database, conversation)).at(-1)).toBe('bot: deu erro');
		const [step] =
			await database.owner`select fault from public.flow_steps where fault is not null and node = 'q' order by at desc limit 1`;
		expect(step).toEqual({ fault: code });
	},
	20_000
);

test('an unblock that a worker died over is not asked for again', async () => {
	await keepSgp();
	await publishFlow(database, asks('unblock'), [{ type: 'keyword', words: ['liberar'], match: 'whole' }]);
	const { id } = await customerWrites(database, 'liberar');
	await works(database, id);
	// The worker that took it is gone before it wrote what came of it.
	const [call] = await database.owner<
		{ id: string }[]
	>`select id from private.flow_calls where conversation_id = ${id}`;
	await database.worker`select private.take_flow_call(${call?.id ?? ''})`;
	await calls(id);
	expect(sgp.asked).toEqual([]);
	expect((await saidIn(database, id)).at(-1)).toBe('bot: deu erro');
});

test('a company can forbid unblocks altogether', async () => {
	await keepSgp({ unblock: false });
	await publishFlow(database, asks('unblock'), [{ type: 'keyword', words: ['forcar'], match: 'whole' }]);
	const { id } = await customerWrites(database, 'forcar');
	await calls(id);
	expect(sgp.asked).toEqual([]);
	expect((await saidIn(database, id)).at(-1)).toBe('bot: deu erro');
});

test('a request goes through its connection with the key, which stands in no flow and no run', async () => {
	const connection = await keep(
		'http',
		{ url: `${shopUrl}/v1`, auth: 'header', header: 'X-Api-Key', test_path: '/' },
		{ secret: 'k-123' }
	);
	await publishFlow(
		database,
		{
			nodes: [
				{
					id: 'h',
					type: 'http',
					method: 'GET',
					url: '/pedidos/7',
					connection,
					retries: 0,
					save: [{ variable: 'estado', path: 'estado' }]
				},
				{ id: 'm', type: 'message', text: 'Pedido {{estado}}' }
			],
			lines: ['s > h', 'h > m'],
			variables: [{ name: 'estado', type: 'text' }]
		},
		[{ type: 'keyword', words: ['pedido'], match: 'whole' }]
	);
	const { id } = await customerWrites(database, 'pedido');
	await calls(id);
	expect((await saidIn(database, id)).at(-1)).toBe('bot: Pedido enviado');
	expect(shown).toEqual(['k-123']);
	const [row] = await database.owner`
		select (select jsonb_agg(r) from public.flow_runs r)::text || (select jsonb_agg(c) from private.flow_calls c)::text as all`;
	expect(row?.['all']).not.toContain('k-123');
});

test('a secret never follows its integration to another address', async () => {
	const id = await keepSgp();
	const moved = {
		id,
		module: 'sgp',
		name: '',
		configuration: { url: 'https://evil.test', app: 'x' },
		holds: ['token']
	};
	await expect(
		database.modules`select private.save_module(${asked('ana')}::text::jsonb, ${tenant}, ${JSON.stringify(moved)}::text::jsonb, '[]')`
	).rejects.toMatchObject({ message: 'module_secret_needed' });
	const kept = { ...moved, configuration: { url: `${sgp.url}/`, app: SGP_APP, seconds: 2, unblock: true } };
	await database.modules`select private.save_module(${asked('ana')}::text::jsonb, ${tenant}, ${JSON.stringify(kept)}::text::jsonb, '[]')`;
	expect(await tested(id)).toMatchObject({ last_error: null, revision: 2 });
});

test('only whoever manages integrations keeps them, and nobody at all reads a secret', async () => {
	const id = await keepSgp();
	const row = JSON.stringify({ id: crypto.randomUUID(), module: 'http', name: 'Outra', configuration: {}, holds: [] });
	for (const [person, code] of [
		['sofia', 'not_allowed'],
		['caio', 'not_allowed'],
		['bruno', 'tenant_not_found'],
		['olga', 'tenant_not_found']
	] as const) {
		await expect(
			database.modules`select private.save_module(${asked(person)}::text::jsonb, ${tenant}, ${row}::text::jsonb, '[]')`,
			person
		).rejects.toMatchObject({ message: code });
	}
	const stolen = JSON.stringify({ id, module: 'sgp', name: '', configuration: {}, holds: [] });
	await expect(
		database.modules`select private.save_module(${asked('bruno')}::text::jsonb, ${uuid('oficina')}, ${stolen}::text::jsonb, '[]')`
	).rejects.toMatchObject({ message: 'module_not_found' });

	for (const person of PEOPLE) {
		const seen = await database.as(
			person,
			(sql) => sql`select id, secrets_set, configuration from public.tenant_modules`
		);
		expect(seen.length, person).toBe(person === 'ana' ? 1 : 0);
		expect(JSON.stringify(seen)).not.toContain(SGP_TOKEN);
		await expect(
			database.as(person, (sql) => sql`select * from private.module_secrets`),
			person
		).rejects.toMatchObject({ code: '42501' });
	}
	for (const attempt of ['select * from private.module_secrets', `select private.module_to_test('${id}')`])
		await expect(database.modules.unsafe(attempt), attempt).rejects.toMatchObject({ code: '42501' });
	const audit = await database.as(
		'ana',
		(sql) => sql`select * from public.audit_log where table_name in ('tenant_modules', 'module_secrets')`
	);
	expect(audit.map(({ table_name }) => table_name).sort()).toEqual(
		expect.arrayContaining(['module_secrets', 'tenant_modules'])
	);
	expect(JSON.stringify(audit)).not.toContain(SGP_TOKEN);
});
