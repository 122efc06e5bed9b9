import { describe, expect, test } from 'vitest';
import { LOCALES } from '../locale.ts';
import { checkFlow } from './check.ts';
import { parseFlow } from './flow.ts';
import { secondInvoice } from './ready/second_invoice.ts';
import { Chat, flow, program } from './samples.testing.ts';
import { SGP_ASKS, SGP_FIELDS, SGP_WAYS, sgpBody, sgpWay, type SgpAnswer } from './sgp.ts';

const contract = (id: number, status: string, open_cents = 0) => ({
	id,
	customer: { id: 302, name: 'OFICINA DO BAIRRO LTDA', document: '11222333000181' },
	status,
	plan: `FIBRA ${id}`,
	open_invoices: open_cents > 0 ? 1 : 0,
	open_cents
});
const invoice = (id: number, due: string) => ({ id, due, cents: 124990, boleto: '2379', pix: '0002', link: null });
const contracts = (...rows: ReturnType<typeof contract>[]): SgpAnswer => ({ ask: 'contracts', contracts: rows });
const ok = (answer: SgpAnswer) => ({ ok: true as const, body: sgpBody(answer) });

describe('what SGP says, as a flow reads it', () => {
	test('the suspended contract comes before the owing one, and that before the first', () => {
		const rows = [contract(1, 'Ativo'), contract(2, 'Ativo', 100), contract(3, 'Suspenso', 249990)];
		expect(sgpBody(contracts(...rows))).toMatchObject({
			count: 3,
			name: 'Oficina do Bairro Ltda',
			open_amount: 'R$ 2.500,90',
			contract: { id: 3, suspended: true },
			list: '1. FIBRA 1 (Ativo)\n2. FIBRA 2 (Ativo)\n3. FIBRA 3 (Suspenso)'
		});
		expect(sgpBody(contracts(...rows.slice(0, 2)))).toMatchObject({ contract: { id: 2, open: true } });
		expect(sgpBody(contracts(...rows.slice(0, 1)))).toMatchObject({ contract: { id: 1 } });
		expect(sgpBody(contracts())).toMatchObject({ count: 0, contract: null, name: '' });
	});

	test('the oldest invoice comes first, in Brazilian words', () => {
		const body = sgpBody({ ask: 'invoices', invoices: [invoice(2, '2026-11-10'), invoice(1, '2026-10-09')] });
		expect(body).toMatchObject({
			count: 2,
			invoice: { id: 1, due: '09/10/2026', amount: 'R$ 1.249,90', boleto: '2379', pix: '0002' },
			list: '• 09/10/2026: R$ 1.249,90\n• 10/11/2026: R$ 1.249,90'
		});
	});

	test.each([
		[contracts(), 'none'],
		[contracts(contract(1, 'Ativo')), 'next'],
		[contracts(contract(1, 'Ativo'), contract(2, 'Ativo')), 'several'],
		[{ ask: 'customer', contracts: [contract(1, 'Ativo'), contract(2, 'Ativo')] }, 'next'],
		[{ ask: 'invoices', invoices: [] }, 'none'],
		[{ ask: 'unblock', unblocked: true, days: 3, protocol: '1', message: null }, 'next'],
		[{ ask: 'unblock', unblocked: false, days: 0, protocol: null, message: 'já usada' }, 'refused'],
		[{ ask: 'connection', state: 'online', message: null }, 'online'],
		[{ ask: 'connection', state: 'unknown', message: null }, null]
	] as [SgpAnswer, string | null][])('%o leads by %s', (answer, way) => {
		expect(sgpWay(answer.ask, sgpBody(answer))).toBe(way);
	});

	test.each(SGP_ASKS)('every field of %s is found in its answers', (ask) => {
		const answer = (
			{
				customer: { ask: 'customer', contracts: [contract(1, 'Ativo')] },
				contracts: contracts(contract(1, 'Ativo')),
				invoices: { ask: 'invoices', invoices: [invoice(1, '2026-10-09')] },
				unblock: { ask: 'unblock', unblocked: true, days: 3, protocol: '1', message: 'ok' },
				connection: { ask: 'connection', state: 'online', message: 'ok' }
			} satisfies Record<string, SgpAnswer>
		)[ask];
		const body = JSON.parse(JSON.stringify(sgpBody(answer as SgpAnswer)));
		for (const { path } of SGP_FIELDS[ask]) {
			const found = path.split('.').reduce((at: Record<string, unknown> | undefined, key) => at?.[key] as never, body);
			expect(found, path).not.toBeUndefined();
		}
		expect(Object.keys(SGP_WAYS[ask])).toContain(sgpWay(ask, body));
	});
});

describe('a block that asks SGP', () => {
	const asks = (node: object, ways: string[]) =>
		program(
			flow(
				[
					{ id: 's', type: 'start' },
					{ id: 'q', type: 'sgp', ...node },
					...ways.map((id) => ({ id, type: 'message', text: id }))
				],
				['s > q', ...ways.map((id) => `q:${id} > ${id}`)],
				[{ name: 'contrato', type: 'number' }]
			)
		);

	test('asks with its variables filled in, keeps what it is told to, and leaves by what was said', () => {
		const chat = new Chat(
			asks({ ask: 'customer', document: '{{message.text}}', save: [{ variable: 'contrato', path: 'contract.id' }] }, [
				'next',
				'none'
			]),
			{},
			'529.982.247-25'
		);
		expect(chat.done('sgp')).toMatchObject([{ ask: 'customer', document: '529.982.247-25' }]);
		chat.answered(ok({ ask: 'customer', contracts: [contract(4711, 'Ativo')] }));
		expect(chat.told).toEqual(['next']);
		expect(chat.state.variables).toEqual({ contrato: 4711 });
	});

	test('a failing SGP leads by the way for errors, and without one to a person', () => {
		const drawn = new Chat(asks({ ask: 'customer', document: '1' }, ['next', 'error']));
		expect(drawn.answered({ ok: false, code: 'sgp_unreachable' }).told).toEqual(['error']);
		expect(drawn.last.visits[0]).toMatchObject({ node: 'q', branch: 'error', fault: 'sgp_unreachable' });
		const bare = new Chat(asks({ ask: 'customer', document: '1' }, ['next']));
		expect(bare.answered({ ok: false, code: 'module_off' }).done('hand_over')).toHaveLength(1);
		const shapeless = new Chat(asks({ ask: 'customer', document: '1' }, ['next', 'error']));
		expect(shapeless.answered({ ok: true, body: 'oi' }).told).toEqual(['error']);
	});

	test('without a number of a contract nobody is asked', () => {
		const chat = new Chat(asks({ ask: 'invoices', contract: '{{message.text}}' }, ['next', 'error']), {}, '47 or 1=1');
		expect(chat.done('sgp')).toEqual([]);
		expect(chat.told).toEqual(['error']);
	});

	test('several contracts go on as one does where nothing else is drawn', () => {
		const chat = new Chat(asks({ ask: 'contracts', document: '1' }, ['next', 'none']));
		expect(chat.answered(ok(contracts(contract(1, 'Ativo'), contract(2, 'Ativo')))).told).toEqual(['next']);
	});
});

describe('problems of integrations', () => {
	const codes = (nodes: object[], known = {}) =>
		checkFlow(flow([{ id: 's', type: 'start' }, ...nodes], ['s > n', 'n > e', 'n:none > e']), known)
			.filter(({ node, code }) => node === 'n' && code !== 'branch_unknown')
			.map(({ code }) => code);
	const end = { id: 'e', type: 'end' };
	const http = (more: object) => [{ id: 'n', type: 'http', method: 'GET', url: 'https://a.test/', ...more }, end];
	const connection = '33333333-3333-4333-8333-333333333333';

	test('SGP that is off, and a question about nobody', () => {
		const node = (document: string) => [{ id: 'n', type: 'sgp', ask: 'customer', document }, end];
		expect(codes(node('{{message.text}}'))).toEqual([]);
		expect(codes(node('{{message.text}}'), { modules: new Set(['sgp']) })).toEqual([]);
		expect(codes(node('{{message.text}}'), { modules: new Set() })).toEqual(['module_off']);
		expect(codes(node(''))).toEqual(['document_missing']);
		expect(codes(node('{{cpf}}'))).toEqual(['variable_unknown']);
	});

	test('headers that hold secrets belong into a connection', () => {
		expect(codes(http({ headers: [{ name: 'Authorization', value: 'Bearer x' }] }))).toEqual(['header_secret']);
		expect(codes(http({ headers: [{ name: 'X-Store', value: '7' }] }))).toEqual([]);
	});

	test('with a connection the address is a path, and it must be on', () => {
		expect(codes(http({ connection, url: '/pedidos/{{message.text}}' }))).toEqual([]);
		expect(codes(http({ connection }))).toEqual(['path_invalid']);
		expect(codes(http({ connection, url: '/a/../b' }))).toEqual(['path_invalid']);
		const known = (on?: boolean) => ({ connections: new Map(on === undefined ? [] : [[connection, on]]) });
		expect(codes(http({ connection, url: '/a' }), known(true))).toEqual([]);
		expect(codes(http({ connection, url: '/a' }), known(false))).toEqual(['connection_off']);
		expect(codes(http({ connection, url: '/a' }), known())).toEqual(['connection_unknown']);
	});

	test('what a customer writes climbs out of no folder', () => {
		const chat = (said: string, url: string, more = {}) =>
			new Chat(program(flow([{ id: 's', type: 'start' }, ...http({ url, ...more })], ['s > n', 'n > e'])), {}, said);
		expect(chat('7', 'https://a.test/v1/{{message.text}}/x').done('http')).toHaveLength(1);
		expect(chat('..', 'https://a.test/v1/{{message.text}}/x').done('http')).toEqual([]);
		expect(chat('..', '/v1/{{message.text}}', { connection }).done('http')).toEqual([]);
		expect(chat('7/../8', '/v1/{{message.text}}', { connection }).done('http')).toMatchObject([
			{ request: { url: '/v1/7%2F..%2F8', connection } }
		]);
	});
});

test.each(LOCALES)('nothing is wrong with the ready-made flow in %s', (locale) => {
	const { flow: read, faults } = parseFlow(secondInvoice(locale));
	expect(faults).toBeNull();
	expect(read && checkFlow(read, { modules: new Set(['sgp']) })).toEqual([]);
});

test('the ready-made flow sends the invoice and unblocks, and asks which contract where there are several', () => {
	const { flow: read } = parseFlow(secondInvoice('pt-BR'));
	if (!read) throw new Error('unreadable');
	const chat = new Chat(program(read)).say('11.222.333/0001-81');
	expect(chat.done('sgp')).toMatchObject([{ document: '11.222.333/0001-81' }]);
	chat.answered(ok(contracts(contract(1, 'Ativo'), contract(4712, 'Suspenso', 249990))));
	expect(chat.told[0]).toContain('2. FIBRA 4712 (Suspenso)');
	chat.say('2');
	expect(chat.done('sgp')).toMatchObject([{ ask: 'invoices', contract: '4712' }]);
	chat.answered(ok({ ask: 'invoices', invoices: [invoice(1, '2026-10-09')] }));
	expect(chat.told).toEqual([
		'A fatura de R$ 1.249,90 vence em 09/10/2026. Boleto:\n2379',
		'Ou pague por PIX, copiando o código da próxima mensagem:',
		'0002',
		'Seu acesso está suspenso. Posso liberar por alguns dias, em confiança, enquanto você paga?'
	]);
	chat.tap('trust:yes');
	expect(chat.done('sgp')).toMatchObject([{ ask: 'unblock', contract: '4712' }]);
	chat.answered(ok({ ask: 'unblock', unblocked: true, days: 3, protocol: '20264712', message: null }));
	expect(chat.told[0]).toBe('Pronto! Liberado por 3 dias. Protocolo 20264712. Reinicie o roteador em dois minutos.');
	expect(chat.state.ended).toEqual({ how: 'completed' });
});
