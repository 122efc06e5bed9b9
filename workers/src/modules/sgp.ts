import type { Outcome } from '@prosa/core/flows/events.ts';
import { SGP_ASKS, sgpBody, type SgpAnswer } from '@prosa/core/flows/sgp.ts';
import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { createSgpClient, SgpError, type SgpClient } from '../sgp/client.ts';
import { ModuleClosed, openModule, type KeptModule } from './open.ts';

export const SgpQuestion = z.object({
	ask: z.enum(SGP_ASKS),
	document: z.string().default(''),
	contract: z.string().default('')
});
export type SgpQuestion = z.infer<typeof SgpQuestion>;

interface Opened {
	revision: number;
	client: SgpClient;
	mayUnblock: boolean;
}

const MOST_KEPT = 200;

/** One client a company, so that what it keeps is kept; made anew when the integration is changed. */
export class SgpClients {
	readonly #keys: SecretKeys;
	readonly #origins: readonly string[];
	readonly #opened = new Map<string, Opened>();

	constructor(keys: SecretKeys, origins: readonly string[]) {
		this.#keys = keys;
		this.#origins = origins;
	}

	/** Throws ModuleClosed. */
	async of(kept: KeptModule): Promise<Opened> {
		const known = this.#opened.get(kept.id);
		if (known?.revision === kept.revision) return known;
		const { url, token, app, seconds, unblock } = await openModule(this.#keys, 'sgp', kept);
		const client = createSgpClient({
			url: new URL(url),
			token,
			app,
			timeoutMs: seconds * 1_000,
			origins: this.#origins
		});
		const opened = { revision: kept.revision, client, mayUnblock: unblock };
		if (this.#opened.size >= MOST_KEPT) this.#opened.delete(this.#opened.keys().next().value ?? '');
		this.#opened.set(kept.id, opened);
		return opened;
	}
}

/**
 * Asks SGP what a flow wants to know. `tries`: how often this call was taken. An unblock that another worker died over is
 * not asked for again: nobody knows whether it took effect (`sgp_unsettled`), and a person sees to it.
 */
export async function askSgp(
	clients: SgpClients,
	kept: KeptModule,
	question: SgpQuestion,
	tries: number
): Promise<Outcome> {
	try {
		if (question.ask === 'unblock' && tries > 1) return { ok: false, code: 'sgp_unsettled' };
		const { client, mayUnblock } = await clients.of(kept);
		if (question.ask === 'unblock' && !mayUnblock) return { ok: false, code: 'sgp_unblock_off' };
		return { ok: true, body: sgpBody(await answerOf(client, question)) };
	} catch (error) {
		if (error instanceof ModuleClosed) return { ok: false, code: error.code };
		if (error instanceof SgpError) return { ok: false, code: error.code, detail: error.message.slice(0, 200) };
		throw error;
	}
}

async function answerOf(client: SgpClient, { ask, document, contract }: SgpQuestion): Promise<SgpAnswer> {
	const id = Number(contract);
	switch (ask) {
		case 'customer':
		case 'contracts':
			return { ask, contracts: await client.customer(document) };
		case 'invoices':
			return { ask, invoices: await client.invoices(id) };
		case 'unblock':
			return { ask, ...(await client.unblock(id)) };
		case 'connection':
			return { ask, ...(await client.connection(id)) };
	}
}
