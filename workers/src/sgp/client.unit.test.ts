import { expect, onTestFinished, test } from 'vitest';
import { SGP_APP, SGP_TOKEN, startSgpSimulator } from '../../../simulators/sgp/index.ts';
import { createSgpClient, type SgpOptions } from './client.ts';

async function stage(options: Partial<SgpOptions> = {}) {
	const sgp = await startSgpSimulator();
	onTestFinished(() => sgp.close());
	const client = createSgpClient({
		url: new URL(sgp.url),
		token: SGP_TOKEN,
		app: SGP_APP,
		origins: [sgp.url],
		timeoutMs: 2_000,
		...options
	});
	const fault = async (body: object) => {
		const answer = await fetch(`${sgp.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(body) });
		expect(answer.status).toBe(201);
	};
	return { sgp, client, fault };
}

test('a customer is found by CPF or CNPJ, however written, without passwords', async () => {
	const { client } = await stage();
	const [marina] = await client.customer('529.982.247-25');
	expect(marina).toEqual({
		id: 4711,
		customer: { id: 301, name: 'MARINA DUARTE', document: '52998224725' },
		status: 'Ativo',
		plan: 'FIBRA 600 MEGA',
		open_invoices: 1,
		open_cents: 9990
	});
	expect(JSON.stringify(marina)).not.toContain('senha');
	expect(await client.customer('11222333000181')).toMatchObject([{ id: 4712, status: 'Suspenso', open_cents: 49980 }]);
	expect(await client.customer('111.444.777-35')).toEqual([]);
});

test('wrong digits never leave', async () => {
	const { client, sgp } = await stage();
	await expect(client.customer('529.982.247-26')).rejects.toMatchObject({ code: 'sgp_document_invalid' });
	expect(sgp.asked).toEqual([]);
});

test('an open invoice comes with its boleto line and PIX code, asked for anew each time', async () => {
	const { client, sgp } = await stage();
	const invoices = await client.invoices(4712);
	expect(invoices).toHaveLength(2);
	expect(invoices[0]).toMatchObject({
		id: 9101,
		due: '2026-10-10',
		cents: 24990,
		boleto: expect.stringMatching(/^\d{47}$/),
		pix: expect.stringContaining('br.gov.bcb.pix')
	});
	await client.invoices(4712);
	expect(sgp.asked).toHaveLength(2);
	expect(await client.invoices(1)).toEqual([]);
});

test('a trust unblock is given once; the contract is then seen as it is', async () => {
	const { client } = await stage();
	expect(await client.customer('11222333000181')).toMatchObject([{ status: 'Suspenso' }]);
	expect(await client.connection(4712)).toEqual({ state: 'offline', message: 'Serviço Offline' });
	expect(await client.unblock(4712)).toMatchObject({ unblocked: true, days: 3, protocol: '20264712' });
	expect(await client.customer('11222333000181')).toMatchObject([{ status: 'Ativo' }]);
	expect(await client.connection(4712)).toMatchObject({ state: 'online' });
	expect(await client.unblock(4712)).toMatchObject({ unblocked: false });
});

test('customers are kept for a while, and only for a while', async () => {
	let clock = 0;
	const { client, sgp } = await stage({ now: () => clock, keepMs: 1_000 });
	await client.customer('52998224725');
	await client.customer('529.982.247-25');
	expect(sgp.asked).toHaveLength(1);
	clock = 1_001;
	await client.customer('52998224725');
	expect(sgp.asked).toHaveLength(2);
});

test('a reading that failed is tried once more, a wrong token is not', async () => {
	const { client, sgp, fault } = await stage();
	await fault({ status: 502 });
	expect(await client.customer('52998224725')).toHaveLength(1);
	expect(sgp.asked).toHaveLength(2);
	await fault({ status: 500, times: 2 });
	await expect(client.invoices(4711)).rejects.toMatchObject({ code: 'sgp_unreachable' });
	const wrong = createSgpClient({ url: new URL(sgp.url), token: 'x', app: SGP_APP, origins: [sgp.url] });
	await expect(wrong.customer('52998224725')).rejects.toMatchObject({ code: 'sgp_refused' });
	expect(sgp.asked).toHaveLength(5);
});

test('an unblock whose answer was lost or cannot be read is never asked for again by itself', async () => {
	const { client, sgp, fault } = await stage({ timeoutMs: 100 });
	for (const one of [{ delay_ms: 400 }, { status: 503 }, { malformed: 'html' }]) {
		await fault(one);
		await expect(client.unblock(4712)).rejects.toMatchObject({ code: 'sgp_unsettled' });
	}
	expect(sgp.asked).toHaveLength(3);
});

test('what is no answer of SGP is named as such', async () => {
	const { client, fault } = await stage();
	for (const malformed of ['html', 'shape']) {
		await fault({ malformed });
		await expect(client.customer('52998224725')).rejects.toMatchObject({ code: 'sgp_unreadable' });
	}
});

test('an address of our own network is never called, and an unblock is then certain not to have happened', async () => {
	const { client, sgp } = await stage({ origins: [] });
	await expect(client.customer('52998224725')).rejects.toMatchObject({ code: 'module_address_refused' });
	await expect(client.unblock(4712)).rejects.toMatchObject({ code: 'module_address_refused' });
	expect(sgp.asked).toEqual([]);
});
