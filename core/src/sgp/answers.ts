import { z } from 'zod';

/*
 * What SGP's URA API answers, as far as we use it, in our words. SGP is loose with types (numbers as text, empty text for
 * nothing) and says most of its refusals with HTTP 200: both are settled here. Passwords that it sends along (PPPoE, Wi-Fi,
 * customer area) are dropped.
 */

const text = z
	.union([z.string(), z.number()])
	.nullish()
	.transform((value) =>
		value === null || value === undefined || String(value).trim() === '' ? null : String(value).trim()
	);
const id = z.coerce.number().int().positive();
/** Cents: `89.9`, `"89.90"`. */
const money = z.coerce
	.number()
	.nonnegative()
	.transform((value) => Math.round(value * 100));
const day = z
	.string()
	.regex(/^\d{4}-\d{2}-\d{2}/)
	.transform((value) => value.slice(0, 10));

const Contract = z
	.object({
		contratoId: id,
		clienteId: id,
		razaoSocial: z.string(),
		cpfCnpj: z.string(),
		contratoStatus: z.coerce.number().int(),
		contratoStatusDisplay: text,
		servico_plano: text,
		contratoTitulosAReceber: z.coerce.number().int().catch(0),
		contratoValorAberto: money.catch(0)
	})
	.transform((row) => ({
		id: row.contratoId,
		customer: { id: row.clienteId, name: row.razaoSocial, document: row.cpfCnpj },
		status: row.contratoStatusDisplay ?? String(row.contratoStatus),
		plan: row.servico_plano,
		open_invoices: row.contratoTitulosAReceber,
		open_cents: row.contratoValorAberto
	}));
export type SgpContract = z.infer<typeof Contract>;

/** `POST /api/ura/consultacliente/` */
export const CustomerAnswer = z.object({ contratos: z.array(Contract) }).transform(({ contratos }) => contratos);

/** `POST /api/ura/fatura2via/`: status 0 where nothing is open. */
export const InvoicesAnswer = z
	.object({
		status: z.coerce.number(),
		links: z
			.array(
				z
					.object({
						id: id.optional(),
						fatura: id,
						vencimento: day,
						valor: money,
						linhadigitavel: text,
						codigopix: text,
						link: text
					})
					.transform((row) => ({
						id: row.id ?? row.fatura,
						due: row.vencimento,
						cents: row.valor,
						boleto: row.linhadigitavel,
						pix: row.codigopix,
						link: row.link
					}))
			)
			.default([])
	})
	.transform(({ status, links }) => (status === 1 ? links : []));

export type SgpInvoice = z.infer<typeof InvoicesAnswer>[number];

/** `POST /api/ura/liberacaopromessa/` */
export const UnblockAnswer = z
	.object({
		status: z.coerce.number(),
		liberado: z.boolean().default(false),
		liberado_dias: z.coerce.number().int().catch(0),
		protocolo: text,
		msg: text
	})
	.transform((row) => ({
		unblocked: row.status === 1 && row.liberado,
		days: row.liberado_dias,
		protocol: row.protocolo,
		message: row.msg
	}));

export type SgpUnblock = z.infer<typeof UnblockAnswer>;

/** `POST /api/ura/verificaacesso/`: 1 online, 2 offline; anything else says nothing. */
export const ConnectionAnswer = z.object({ status: z.coerce.number(), msg: text }).transform(({ status, msg }) => ({
	state: status === 1 ? ('online' as const) : status === 2 ? ('offline' as const) : ('unknown' as const),
	message: msg
}));
export type SgpConnection = z.infer<typeof ConnectionAnswer>;
