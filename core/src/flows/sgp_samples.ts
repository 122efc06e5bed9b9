import type { Outcome } from './events.ts';
import { sgpBody, type SgpAnswer, type SgpAsk } from './sgp.ts';

const contract = (id: number, status: string, plan: string, open_cents: number) => ({
	id,
	customer: { id: 301, name: 'MARIA SOUZA', document: '52998224725' },
	status,
	plan,
	open_invoices: open_cents > 0 ? 1 : 0,
	open_cents
});
const home = contract(4711, 'Suspenso', 'FIBRA 600 MEGA', 9990);
const shop = contract(4712, 'Ativo', 'FIBRA EMPRESA', 0);
const invoice = {
	id: 9001,
	due: '2026-12-10',
	cents: 9990,
	boleto: '23793381286000000000300000000400184340000009990',
	pix: '00020126360014br.gov.bcb.pix0114exemplo5204000053039865405',
	link: 'https://exemplo.com/boleto/9001'
};

const answers: Record<SgpAsk, Record<string, SgpAnswer>> = {
	customer: {
		next: { ask: 'customer', contracts: [home] },
		none: { ask: 'customer', contracts: [] }
	},
	contracts: {
		next: { ask: 'contracts', contracts: [home] },
		several: { ask: 'contracts', contracts: [home, shop] },
		none: { ask: 'contracts', contracts: [] }
	},
	invoices: {
		next: { ask: 'invoices', invoices: [invoice] },
		none: { ask: 'invoices', invoices: [] }
	},
	unblock: {
		next: { ask: 'unblock', unblocked: true, days: 3, protocol: '20264711', message: null },
		refused: { ask: 'unblock', unblocked: false, days: 0, protocol: null, message: 'Promessa já utilizada neste mês' }
	},
	connection: {
		online: { ask: 'connection', state: 'online', message: 'Serviço Online' },
		offline: { ask: 'connection', state: 'offline', message: 'Serviço Offline' }
	}
};

/** What SGP might answer so that a block is left by this way. */
export function sgpSample(ask: SgpAsk, way: string): Outcome {
	const answer = answers[ask][way];
	return answer ? { ok: true, body: sgpBody(answer) } : { ok: false, code: 'sgp_unreachable' };
}
