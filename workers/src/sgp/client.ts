import { readCnpj, readCpf } from '@prosa/core/flows/answers/documents.ts';
import {
	ConnectionAnswer,
	CustomerAnswer,
	InvoicesAnswer,
	UnblockAnswer,
	type SgpContract
} from '@prosa/core/sgp/answers.ts';
import type { z } from 'zod';
import { AddressRefused } from '../flows/addresses.ts';
import { exchange } from '../flows/exchange.ts';
import { parseJson } from '../graph/parse_json.ts';

/** Why SGP gave nothing; each is an error of the catalogue. */
export type SgpCode =
	| 'module_address_refused'
	| 'sgp_document_invalid'
	| 'sgp_refused'
	| 'sgp_unreachable'
	| 'sgp_unreadable'
	| 'sgp_unsettled';

export class SgpError extends Error {
	override name = 'SgpError';
	readonly code: SgpCode;
	constructor(code: SgpCode, detail: string) {
		super(`${code}: ${detail}`);
		this.code = code;
	}
}

export interface SgpOptions {
	/** The provider's own installation: an address of the world's, or one of `origins`. */
	url: URL;
	token: string;
	app: string;
	timeoutMs?: number;
	/** How long customers and their contracts are kept. */
	keepMs?: number;
	/** Origins within our own network that may be called all the same: simulators. */
	origins?: readonly string[];
	now?: () => number;
}

const LARGEST_ANSWER = 2_000_000;
const MOST_KEPT = 500;
const TRIES = 2;

export type SgpClient = ReturnType<typeof createSgpClient>;

/**
 * SGP's URA API. Reads are tried twice; unblocking is asked for once, because nobody knows whether an answer that was lost
 * took effect (`sgp_unsettled`). Customers are kept for a few minutes; invoices, connections and unblocking never.
 */
export function createSgpClient({
	url,
	token,
	app,
	timeoutMs = 10_000,
	keepMs = 180_000,
	origins = [],
	now = Date.now
}: SgpOptions) {
	const kept = new Map<string, { until: number; contracts: SgpContract[] }>();

	async function ask<Schema extends z.ZodType>(
		path: string,
		fields: Record<string, string>,
		schema: Schema,
		tries = TRIES
	): Promise<z.output<Schema>> {
		for (let left = tries; ; left--) {
			try {
				return await once(path, fields, schema);
			} catch (error) {
				if (left <= 1 || !(error instanceof SgpError) || error.code !== 'sgp_unreachable') throw error;
			}
		}
	}

	async function once<Schema extends z.ZodType>(
		path: string,
		fields: Record<string, string>,
		schema: Schema
	): Promise<z.output<Schema>> {
		let status: number;
		let text: string;
		try {
			const address = new URL(`api/ura/${path}/`, url.href.endsWith('/') ? url : `${url.href}/`);
			({ status, text } = await exchange(address, {
				method: 'POST',
				headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
				body: new URLSearchParams({ token, app, ...fields }).toString(),
				signal: AbortSignal.timeout(timeoutMs),
				origins,
				largest: LARGEST_ANSWER
			}));
		} catch (error) {
			if (error instanceof AddressRefused) throw new SgpError('module_address_refused', error.message);
			throw new SgpError('sgp_unreachable', error instanceof Error ? error.name : 'no answer');
		}
		if (status >= 500 || status === 429) throw new SgpError('sgp_unreachable', `HTTP ${status}`);
		if (status >= 400) throw new SgpError('sgp_refused', `HTTP ${status}`);
		if (status >= 300) throw new SgpError('sgp_unreadable', `HTTP ${status}`);
		const read = schema.safeParse(parseJson(text));
		if (!read.success) throw new SgpError('sgp_unreadable', path);
		return read.data;
	}

	return {
		/** The contracts of whoever has this CPF or CNPJ; none where nobody has. Wrong digits never leave. */
		async customer(document: string): Promise<SgpContract[]> {
			const cpfcnpj = readCpf(document) ?? readCnpj(document);
			if (!cpfcnpj) throw new SgpError('sgp_document_invalid', 'check digits');
			const known = kept.get(cpfcnpj);
			if (known && known.until > now()) return known.contracts;
			const contracts = await ask('consultacliente', { cpfcnpj }, CustomerAnswer);
			kept.delete(cpfcnpj);
			kept.set(cpfcnpj, { until: now() + keepMs, contracts });
			const [oldest] = kept.keys();
			if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
			return contracts;
		},
		/** What is open, with its boleto line and PIX code. Without opening a service order in SGP. */
		invoices: (contract: number) =>
			ask('fatura2via', { contrato: String(contract), nao_gerar_os: '1' }, InvoicesAnswer),
		connection: (contract: number) =>
			ask('verificaacesso', { contrato: String(contract), status_all: '1' }, ConnectionAnswer),
		/** Trust unblock. Asked once. */
		async unblock(contract: number): Promise<z.output<typeof UnblockAnswer>> {
			kept.clear();
			try {
				return await ask('liberacaopromessa', { contrato: String(contract) }, UnblockAnswer, 1);
			} catch (error) {
				if (error instanceof SgpError && error.code !== 'sgp_refused' && error.code !== 'module_address_refused')
					throw new SgpError('sgp_unsettled', error.message);
				throw error;
			}
		}
	};
}
