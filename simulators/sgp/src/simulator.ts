import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { answerJson } from '../../http/answer.ts';
import { readBody } from '../../http/body.ts';
import { serve, type Served } from '../../http/serve.ts';

export const SGP_TOKEN = 'demo-token-sgp';
export const SGP_APP = 'prosa';

const Fault = z.strictObject({
	times: z.number().int().positive().default(1),
	status: z.number().int().min(400).max(599).optional(),
	delay_ms: z.number().int().min(0).max(120_000).optional(),
	malformed: z.enum(['html', 'shape']).optional()
});

export interface SgpSimulator extends Served {
	/** The paths that were asked for, in order. */
	readonly asked: string[];
}

interface Contract {
	id: number;
	customer: { id: number; name: string; document: string };
	suspended: boolean;
	promised: boolean;
	online: boolean;
	plan: string;
	invoices: { id: number; due: string; value: number }[];
}

/** Two customers of a small provider: one in good standing, one suspended for an unpaid invoice. */
const customers = (): Contract[] => [
	{
		id: 4711,
		customer: { id: 301, name: 'MARINA DUARTE', document: '52998224725' },
		suspended: false,
		promised: false,
		online: true,
		plan: 'FIBRA 600 MEGA',
		invoices: [{ id: 9001, due: '2026-12-10', value: 99.9 }]
	},
	{
		id: 4712,
		customer: { id: 302, name: 'OFICINA DO BAIRRO LTDA', document: '11222333000181' },
		suspended: true,
		promised: false,
		online: false,
		plan: 'FIBRA EMPRESA 1 GIGA',
		invoices: [
			{ id: 9101, due: '2026-10-10', value: 249.9 },
			{ id: 9102, due: '2026-11-10', value: 249.9 }
		]
	}
];

/** Starts one simulated SGP with its URA API, and `/_simulator/faults` for whoever makes it fail. */
export async function startSgpSimulator(at: { port?: number; host?: string } = {}): Promise<SgpSimulator> {
	const contracts = customers();
	const faults: z.infer<typeof Fault>[] = [];
	const asked: string[] = [];
	const served = await serve(at, async (request, response) => {
		const path = new URL(request.url ?? '/', 'http://simulator').pathname.replace(/\/+$/, '');
		response.setHeader('x-simulator', 'prosa');
		if (path === '') return answerJson(response, 200, { simulator: 'sgp' });
		const body = (await readBody(request, 1_000_000)).toString('utf8');
		if (path === '/_simulator/faults') {
			const fault = Fault.safeParse(JSON.parse(body));
			if (!fault.success) return answerJson(response, 400, { error: z.prettifyError(fault.error) });
			faults.push(fault.data);
			return answerJson(response, 201, faults);
		}
		asked.push(path);
		const fault = faults[0];
		if (fault && --fault.times === 0) faults.shift();
		if (fault?.delay_ms) await wait(fault.delay_ms);
		if (response.destroyed) return;
		if (fault?.malformed === 'html')
			return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Manutenção</h1>');
		if (fault?.malformed === 'shape') return answerJson(response, 200, { contratos: 'nenhum', links: 7 });
		if (fault?.status) return answerJson(response, fault.status, { detail: 'simulado' });
		const sent = new URLSearchParams(body);
		if (sent.get('token') !== SGP_TOKEN || sent.get('app') !== SGP_APP) {
			return answerJson(response, 403, {
				detail: 'As credenciais de autenticação não foram fornecidas ou são inválidas.'
			});
		}
		const answer = answerOf(path, sent, contracts);
		// An unknown route of SGP is a page.
		if (answer) answerJson(response, 200, answer);
		else response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
	});
	return { ...served, asked };
}

function answerOf(path: string, sent: URLSearchParams, contracts: Contract[]): object | null {
	const document = (sent.get('cpfcnpj') ?? '').replace(/\W/g, '');
	if (path === '/api/ura/consultacliente') {
		const own = contracts.filter(({ customer }) => customer.document === document);
		return {
			msg: own.length > 0 ? 'Contrato(s) Localizado(s)' : 'Nenhum contrato localizado',
			contratos: own.map(row)
		};
	}
	const one = contracts.find(({ id }) => String(id) === sent.get('contrato'));
	const unknown = { status: 0, msg: 'Contrato não localizado' };
	switch (path) {
		case '/api/ura/fatura2via':
			return one
				? { status: one.invoices.length > 0 ? 1 : 0, razaoSocial: one.customer.name, links: one.invoices.map(link) }
				: { ...unknown, links: [] };
		case '/api/ura/verificaacesso':
			return one
				? {
						status: one.online ? 1 : 2,
						msg: one.online ? 'Serviço Online' : 'Serviço Offline',
						contratoId: one.id,
						servico_id: one.id + 1_000
					}
				: unknown;
		case '/api/ura/liberacaopromessa': {
			if (!one) return unknown;
			if (!one.suspended) return { status: 0, liberado: false, msg: 'Contrato não está suspenso' };
			if (one.promised) return { status: 0, liberado: false, msg: 'Promessa de pagamento já utilizada neste mês' };
			Object.assign(one, { promised: true, suspended: false, online: true });
			return { status: 1, liberado: true, liberado_dias: 3, protocolo: `2026${one.id}`, msg: 'Liberação realizada' };
		}
		default:
			return null;
	}
}

const row = ({ id, customer, suspended, plan, invoices, promised }: Contract) => ({
	contratoId: id,
	clienteId: customer.id,
	razaoSocial: customer.name,
	cpfCnpj: customer.document,
	contratoStatus: suspended ? 4 : 1,
	contratoStatusDisplay: suspended ? 'Suspenso' : 'Ativo',
	servico_plano: plan,
	contratoTitulosAReceber: invoices.length,
	contratoValorAberto: invoices.reduce((sum, { value }) => sum + value, 0),
	promessasPagamentoMes: promised ? 1 : 0,
	// As the real one does: what nobody should be sent.
	servico_senha: 'senha-pppoe',
	contratoCentralSenha: 'senha-central'
});

const link = ({ id, due, value }: Contract['invoices'][number]) => ({
	id: String(id),
	fatura: id,
	vencimento: due,
	valor: value,
	linhadigitavel: `23793381286000000000300000000400184340000${String(Math.round(value * 100)).padStart(6, '0')}`,
	codigopix: `00020126360014br.gov.bcb.pix0114+551198765000152040000530398654${String(value.toFixed(2)).length.toString().padStart(2, '0')}${value.toFixed(2)}5802BR5905PROSA6009SAO PAULO6304ABCD`,
	link: `https://sgp.invalid/boleto/${id}`
});
