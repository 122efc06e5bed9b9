import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SGP_APP, SGP_TOKEN, startSgpSimulator, type SgpSimulator } from '../../../simulators/sgp/index.ts';
import { encryptedFor } from '../../../workers/src/modules/encrypted.testing.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { saidIn } from '../flows/bots.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { callsOf, publishAgent, SECRETS_KEY, takes, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const ALL = ['hand_over', 'sgp_customer', 'sgp_invoices', 'sgp_connection', 'sgp_unblock'];
const SUSPENDED = '11.222.333/0001-81';
let sgp: SgpSimulator;

beforeAll(async () => {
	sgp = await startSgpSimulator();
});
afterAll(() => sgp.close());
beforeEach(async () => {
	await sgp.close();
	sgp = await startSgpSimulator();
	await switchOn();
});
afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.tenant_modules`;
});

/** Switches SGP on for the bakery, as the edge function does, in Ana's name. */
async function switchOn(more: object = {}) {
	const id = crypto.randomUUID();
	const configuration = { url: sgp.url, app: SGP_APP, seconds: 1, unblock: true, ...more };
	const row = { id, module: 'sgp', name: '', configuration, holds: ['token'] };
	const secrets = await encryptedFor(await readSecretKeys(SECRETS_KEY), id, { token: SGP_TOKEN });
	await database.modules`select private.save_module(
		${JSON.stringify({ id: uuid('ana'), aal: null })}::text::jsonb, ${uuid('padaria')},
		${JSON.stringify(row)}::text::jsonb, ${secrets}::text::jsonb
	)`;
	return id;
}
const deps = () => stage.deps(database, 'simulated', [sgp.url]);
const spoil = (body: object) =>
	fetch(`${sgp.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(body) }).then(({ status }) =>
		expect(status).toBe(201)
	);
const unblocks = () => sgp.asked.filter((path) => path.endsWith('liberacaopromessa')).length;
/** Has the model call a tool next, and speak after it. */
async function calls(name: string, input: object, then = 'Pronto.') {
	await stage.post('answers', { calls: [{ name, arguments: JSON.stringify(input) }], format: 'text' });
	await stage.post('answers', { content: then, format: 'text' });
}
const told = () =>
	stage.model.asked
		.flatMap(({ body }) => (body as { messages?: { role: string; content: string }[] }).messages ?? [])
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => JSON.parse(content) as Record<string, unknown>);

test('a customer who asks for a boleto with their CNPJ gets its line, and the model never sees it', async () => {
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, `Quero a segunda via do boleto, meu CNPJ é ${SUSPENDED}`);
	expect(await takes(await deps(), id)).toBe('done');
	expect(sgp.asked).toEqual(['/api/ura/consultacliente', '/api/ura/fatura2via']);
	const [, said] = await saidIn(database, id);
	expect(said).toMatch(/boleto: \d{5}\.?\d{5} ?\d/);
	expect(said).toMatch(/pix: 000201/);
	expect(said).toContain('249,90');
	const left = JSON.stringify(stage.model.asked.map(({ body }) => body));
	for (const secret of ['11.222.333', '11222333000181', '000201', 'OFICINA DO BAIRRO'])
		expect(left).not.toContain(secret);
	expect(left).toContain('[BOLETO_1]');
	expect(left).toContain('[PIX_1]');
});

test('a contract is opened by its customer’s document alone: another’s number opens nothing', async () => {
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, 'meu CPF é 529.982.247-25, e o contrato 4712?');
	await calls('sgp_unblock', { document: '[CPF_1]', contract: 4712 });
	await takes(await deps(), id);
	expect(sgp.asked).toEqual(['/api/ura/consultacliente']);
	expect(told().at(-1)).toMatchObject({
		error: 'this customer has no such contract',
		contracts: [{ contract: 4711, plan: 'FIBRA 600 MEGA' }]
	});
});

test('an unblock is kept with its turn, and asked for once however often the turn is thought', async () => {
	await publishAgent(database, { tools: ALL });
	const { id, phone } = await customerWrites(database, `desbloqueia minha internet? ${SUSPENDED}`);
	const worker = await deps();
	// The customer writes on while it is thought out: it is thought again.
	await stage.post('faults', { delay_ms: 200, times: 4 });
	const turn = takes(worker, id);
	await expect.poll(unblocks).toBe(1);
	await receive(database.door, [delivery([textFrom(phone, 'por favor')])]);
	expect(await turn).toBe('done');
	expect(unblocks()).toBe(1);
	expect(
		told().filter(({ result }) => result).length,
		'the second thought has the answer of the first'
	).toBeGreaterThan(1);
	expect(told().at(-1)).toMatchObject({ contract: 4712, result: { unblocked: true, days: 3 } });
	expect(await turnsIn(database, id)).toMatchObject([{ outcome: 'answered', actions: [{ tool: 'sgp_unblock' }] }]);
});

test('a worker that dies while it unblocks: nobody asks again, and a person sees to it', async () => {
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, `desbloqueia minha internet, ${SUSPENDED}`);
	const worker = await deps();
	const begun = Promise.withResolvers<void>();
	// It dies with the answer on its way: what was begun is never settled.
	const dying = {
		...worker,
		sgp: {
			of: async (...kept: Parameters<typeof worker.sgp.of>) => {
				const opened = await worker.sgp.of(...kept);
				const unblock = async (contract: number) => {
					await opened.client.unblock(contract);
					begun.resolve();
					return new Promise<never>(() => {});
				};
				return { ...opened, client: { ...opened.client, unblock } };
			}
		} as unknown as typeof worker.sgp
	};
	void takes(dying, id);
	await begun.promise;
	expect(await takes(worker, id)).toBe('done');
	expect(unblocks()).toBe(1);
	const [turn] = await turnsIn(database, id);
	expect(turn).toMatchObject({
		outcome: 'handed_over',
		reason: 'Não se sabe se o SGP fez a liberação. Confira o contrato no SGP antes de pedir de novo.',
		actions: [{ tool: 'sgp_unblock', fault: 'sgp_unsettled' }]
	});
});

test('an unblock whose answer is lost is a person’s, too', async () => {
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, `desbloqueia minha internet, ${SUSPENDED}`);
	await calls('sgp_customer', { document: '[CNPJ_1]' });
	const worker = await deps();
	await takes(worker, id);
	await receive(database.door, [delivery([textFrom((await phoneOf(id)) ?? '', 'e agora, desbloqueia?')])]);
	await spoil({ delay_ms: 2_500 });
	await takes(worker, id);
	expect(unblocks()).toBe(1);
	expect((await turnsIn(database, id)).at(-1)).toMatchObject({
		outcome: 'handed_over',
		actions: [{ tool: 'sgp_unblock', fault: 'sgp_unsettled' }]
	});
}, 20_000);

test('whoever took the conversation over meanwhile is not overtaken by an unblock', async () => {
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, `desbloqueia minha internet, ${SUSPENDED}`);
	await stage.post('faults', { delay_ms: 400, times: 2 });
	const turn = takes(await deps(), id);
	await expect.poll(async () => (await callsOf(database, id)).length).toBe(2);
	await answer(database, 'caio', id, 'Já vejo isso.');
	expect(await turn).toBe('taken_over');
	expect(unblocks()).toBe(0);
});

test('what SGP refuses, and that it is off, is told to the model as data', async () => {
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, 'boleto do CPF 529.982.247-25');
	await spoil({ status: 500, times: 2 });
	await takes(await deps(), id);
	expect(told()).toEqual([{ error: 'SGP did not answer. Try again in a few minutes.' }]);
	expect((await saidIn(database, id)).at(-1)).toMatch(/^ai: /);

	await database.owner`update public.tenant_modules set enabled = false`;
	await stage.post('answers', { content: 'Olá!', format: 'text' });
	const other = await customerWrites(database, 'boleto do CPF 529.982.247-25');
	const before = sgp.asked.length;
	await takes(await deps(), other.id);
	const { tools } = stage.model.asked.at(-2)?.body as { tools?: { function: { name: string } }[] };
	expect(tools?.map((one) => one.function.name) ?? ['hand_over']).toEqual(['hand_over']);
	expect(sgp.asked.length).toBe(before);
});

test('a tenant that lets nobody be unblocked has its agent told so', async () => {
	await database.owner`delete from public.tenant_modules`;
	await switchOn({ unblock: false });
	await publishAgent(database, { tools: ALL });
	const { id } = await customerWrites(database, `desbloqueia minha internet, ${SUSPENDED}`);
	await takes(await deps(), id);
	expect(unblocks()).toBe(0);
	expect(told().at(-1)).toEqual({ error: 'Trust unblocks are switched off in the settings of SGP.' });
});

const phoneOf = async (id: string) => {
	const [row] = await database.owner<{ phone: string }[]>`
		select p.phone from public.contacts p join public.conversations c on c.contact_id = p.id where c.id = ${id}`;
	return row?.phone;
};
