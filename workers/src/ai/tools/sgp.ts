import { sentence, isErrorCode } from '@prosa/core/errors/catalogue.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { z } from 'zod';
import { localeOf } from '@prosa/core/locale.ts';
import type { Reading } from '../reading.ts';
import { line, tool, type ToolContext } from './tool.ts';

const DOCUMENT = line(60).describe("the customer's CPF or CNPJ, which they wrote in this conversation");
const OfCustomer = z.object({ document: DOCUMENT });
const OfContract = z.object({
	document: DOCUMENT,
	contract: z.int().positive().optional().describe('which contract, where the customer has several')
});
type OfContract = z.infer<typeof OfContract>;

/** As core's `sgpBody` gives it. */
const Contract = z.object({
	id: z.number(),
	plan: z.string(),
	status: z.string(),
	suspended: z.boolean(),
	open_amount: z.string()
});
const Contracts = z.object({ contract: Contract.nullable(), contracts: z.array(Contract), open_amount: z.string() });
const Invoice = z.object({
	due: z.string(),
	amount: z.string(),
	boleto: z.string().nullable(),
	pix: z.string().nullable(),
	link: z.string().nullable()
});
const Invoices = z.object({ count: z.number(), invoices: z.array(Invoice) });

/** More than these no customer reads on a phone. */
const MOST_INVOICES = 4;
const available = ({ sgp }: Reading) => sgp;

/** What the internet provider's ERP knows and does. Whose contract it is, is asked each time: a number alone opens nothing. */
export const SGP_TOOLS = {
	sgp_customer: tool({
		available,
		description: () => "The customer's contracts with this internet provider: plan, status, what is open.",
		input: () => OfCustomer,
		run: async ({ document }, context) => {
			const found = await contractsOf(document, context, 'sgp_customer');
			if ('error' in found) return found;
			return { open_amount: found.open_amount, contracts: found.contracts.map(shown) };
		}
	}),
	sgp_invoices: tool({
		available,
		description: () =>
			'Open invoices of a contract, the oldest first, with boleto line, PIX code and link to pay them. Give the customer what they ask for, character by character.',
		input: () => OfContract,
		run: (input, context) =>
			withContract(input, context, 'sgp_invoices', async (contract, ask) => {
				const answer = await ask('invoices');
				if ('error' in answer) return answer;
				const { count, invoices } = Invoices.parse(answer.body);
				return { contract, open: count, invoices: invoices.slice(0, MOST_INVOICES) };
			})
	}),
	sgp_connection: tool({
		available,
		description: () => "Whether a contract's connection is online now.",
		input: () => OfContract,
		run: (input, context) =>
			withContract(input, context, 'sgp_connection', async (contract, ask) => {
				const answer = await ask('connection');
				return 'error' in answer ? answer : { contract, connection: answer.body };
			})
	}),
	sgp_unblock: tool({
		available,
		description: () =>
			'Unblocks a suspended contract for a few days, on trust that it is paid then. Only where the customer asked for it in clear words.',
		input: () => OfContract,
		run: (input, context) =>
			withContract(input, context, 'sgp_unblock', async (contract, ask) => {
				const answer = await ask('unblock');
				return 'error' in answer ? answer : { contract, result: answer.body };
			})
	})
};

type Fault = { error: string };
type Ask = 'invoices' | 'connection' | 'unblock';

/** Does something about a contract of whoever has this document; without a number, the one that somebody writes about. */
async function withContract(
	{ document, contract }: OfContract,
	context: ToolContext,
	name: string,
	run: (contract: number, ask: (ask: Ask) => Promise<{ body: unknown } | Fault>) => Promise<unknown>
): Promise<unknown> {
	const found = await contractsOf(document, context, name);
	if ('error' in found) return found;
	const chosen = contract === undefined ? found.contract : (found.contracts.find(({ id }) => id === contract) ?? null);
	if (!chosen) return { error: 'this customer has no such contract', contracts: found.contracts.map(shown) };
	return run(chosen.id, async (ask) => {
		const outcome = await context.outside.sgp({ ask, document: '', contract: String(chosen.id) }, name);
		return outcome.ok ? { body: outcome.body } : fault(outcome, context);
	});
}

async function contractsOf(
	document: string,
	context: ToolContext,
	name: string
): Promise<z.infer<typeof Contracts> | Fault> {
	const outcome = await context.outside.sgp({ ask: 'contracts', document, contract: '' }, name);
	if (!outcome.ok) return fault(outcome, context);
	const found = Contracts.parse(outcome.body);
	return found.contracts.length > 0 ? found : { error: 'nobody has a contract under this CPF or CNPJ' };
}

const shown = ({ id, plan, status, suspended, open_amount }: z.infer<typeof Contract>) => ({
	contract: id,
	plan,
	status,
	suspended,
	open_amount
});

/** What went wrong, as data. An unblock of which nobody knows whether it took effect is a person's. */
function fault({ code }: Extract<Outcome, { ok: false }>, context: ToolContext): Fault {
	if (code === 'sgp_unsettled')
		context.handOver = { reason: sentence('sgp_unsettled', localeOf(context.reading.tenant.language)) };
	return { error: isErrorCode(code) ? sentence(code, 'en') : code };
}
