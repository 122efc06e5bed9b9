import type { Sentences } from '../locale.ts';
import type { SgpContract, SgpConnection, SgpInvoice, SgpUnblock } from '../sgp/answers.ts';
import type { Value, VariableType } from './variables.ts';

/** What a flow may ask of SGP. */
export const SGP_ASKS = ['customer', 'contracts', 'invoices', 'unblock', 'connection'] as const;
export type SgpAsk = (typeof SGP_ASKS)[number];

/** Asked by CPF or CNPJ; the others are asked by a contract. */
export const asksByDocument = (ask: SgpAsk): ask is 'customer' | 'contracts' =>
	ask === 'customer' || ask === 'contracts';

/** The ways out, besides the one for errors; those that need not be drawn are false. */
export const SGP_WAYS: Record<SgpAsk, Record<string, boolean>> = {
	customer: { next: true, none: true },
	contracts: { next: true, several: false, none: true },
	invoices: { next: true, none: true },
	unblock: { next: true, refused: true },
	connection: { online: true, offline: true }
};

interface SgpField {
	path: string;
	type: VariableType;
	/** What it is called where nobody has named a variable for it. */
	name: string;
	label: Sentences;
}
const one = (path: string, type: VariableType, name: string, pt: string, en: string): SgpField => ({
	path,
	type,
	name,
	label: { 'pt-BR': pt, en }
});
const contract = [
	one('contract.id', 'number', 'contrato', 'Número do contrato', 'Number of the contract'),
	one('contract.plan', 'text', 'plano', 'Plano', 'Plan'),
	one('contract.status', 'text', 'situacao', 'Situação', 'Status'),
	one('contract.suspended', 'boolean', 'suspenso', 'Está suspenso', 'Is suspended')
];

/** What each answer holds that a flow may keep. */
export const SGP_FIELDS: Record<SgpAsk, SgpField[]> = {
	customer: [
		one('name', 'text', 'cliente', 'Nome do cliente', 'Name of the customer'),
		...contract,
		one('open_amount', 'text', 'em_aberto', 'Total em aberto', 'Sum that is open'),
		one('count', 'number', 'contratos', 'Quantos contratos', 'How many contracts')
	],
	contracts: [
		...contract,
		one('list', 'text', 'lista', 'Lista numerada, para mostrar', 'Numbered list, to be shown'),
		one('contracts', 'list', 'contratos', 'Todos os contratos', 'All contracts'),
		one('count', 'number', 'quantos', 'Quantos contratos', 'How many contracts')
	],
	invoices: [
		one('invoice.amount', 'text', 'valor', 'Valor da mais antiga', 'Amount of the oldest'),
		one('invoice.due', 'text', 'vencimento', 'Vencimento da mais antiga', 'When the oldest is due'),
		one('invoice.boleto', 'text', 'boleto', 'Linha digitável', 'Boleto line'),
		one('invoice.pix', 'text', 'pix', 'PIX copia e cola', 'PIX code'),
		one('invoice.link', 'text', 'link', 'Link do boleto', 'Link to the boleto'),
		one('count', 'number', 'faturas', 'Quantas em aberto', 'How many are open'),
		one('list', 'text', 'lista', 'Lista de todas, para mostrar', 'List of all, to be shown')
	],
	unblock: [
		one('days', 'number', 'dias', 'Dias liberados', 'Days unblocked'),
		one('protocol', 'text', 'protocolo', 'Protocolo', 'Protocol'),
		one('message', 'text', 'motivo', 'O que o SGP disse', 'What SGP said')
	],
	connection: [
		one('state', 'text', 'conexao', 'Estado da conexão', 'State of the connection'),
		one('message', 'text', 'mensagem', 'O que o SGP disse', 'What SGP said')
	]
};

/** What SGP said, by what it was asked. */
export type SgpAnswer =
	| { ask: 'customer' | 'contracts'; contracts: SgpContract[] }
	| { ask: 'invoices'; invoices: SgpInvoice[] }
	| ({ ask: 'unblock' } & SgpUnblock)
	| ({ ask: 'connection' } & SgpConnection);

/** An answer as a flow reads it: amounts and days as people write them, what matters most on top. */
export function sgpBody(answer: SgpAnswer): Value {
	switch (answer.ask) {
		case 'customer':
		case 'contracts': {
			const rows = answer.contracts.map(contractRow);
			const cents = answer.contracts.reduce((sum, { open_cents }) => sum + open_cents, 0);
			return {
				count: rows.length,
				name: titled(answer.contracts[0]?.customer.name ?? ''),
				open_amount: amount(cents),
				// The one that somebody writes about: suspended before owing before the first.
				contract: rows.find(({ suspended }) => suspended) ?? rows.find(({ open }) => open) ?? rows[0] ?? null,
				contracts: rows,
				list: rows.map(({ plan, status, id }, place) => `${place + 1}. ${plan || id} (${status})`).join('\n')
			};
		}
		case 'invoices': {
			const rows = answer.invoices.toSorted((a, b) => a.due.localeCompare(b.due)).map(invoiceRow);
			return {
				count: rows.length,
				invoice: rows[0] ?? null,
				invoices: rows,
				list: rows.map(({ due, amount }) => `• ${due}: ${amount}`).join('\n')
			};
		}
		case 'unblock':
			return { unblocked: answer.unblocked, days: answer.days, protocol: answer.protocol, message: answer.message };
		case 'connection':
			return { state: answer.state, message: answer.message };
	}
}

/** By which way an answer is left; null: it says nothing one could go by. */
export function sgpWay(ask: SgpAsk, body: Value): string | null {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
	switch (ask) {
		case 'customer':
		case 'invoices':
			return body['count'] === 0 ? 'none' : 'next';
		case 'contracts':
			return body['count'] === 0 ? 'none' : body['count'] === 1 ? 'next' : 'several';
		case 'unblock':
			return body['unblocked'] === true ? 'next' : 'refused';
		case 'connection':
			return body['state'] === 'online' || body['state'] === 'offline' ? body['state'] : null;
	}
}

const contractRow = ({ id, plan, status, open_cents, open_invoices }: SgpContract) => ({
	id,
	plan: plan ?? '',
	status,
	suspended: /suspens|bloquead/i.test(status),
	open: open_cents > 0 || open_invoices > 0,
	open_amount: amount(open_cents)
});

const invoiceRow = ({ id, due, cents, boleto, pix, link }: SgpInvoice) => ({
	id,
	due: due.split('-').reverse().join('/'),
	amount: amount(cents),
	boleto,
	pix,
	link
});

/** `R$ 1.234,50`. Written here, so that a replay in another place writes the same. */
function amount(cents: number): string {
	const [whole = '', part = ''] = (cents / 100).toFixed(2).split('.');
	return `R$ ${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${part}`;
}

/** `MARINA DUARTE` is how SGP shouts; `Marina Duarte` is how one is spoken to. */
function titled(name: string): string {
	if (name !== name.toUpperCase()) return name;
	return name.toLowerCase().replace(/(?<![\p{L}\d])\p{L}(?=\p{L}{2})/gu, (letter) => letter.toUpperCase());
}
