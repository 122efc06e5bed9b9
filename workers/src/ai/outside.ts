import type { HttpRequest } from '@prosa/core/flows/effects.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { z } from 'zod';
import { createHash, randomUUID } from 'node:crypto';
import { answered } from '../answered.ts';
import { call } from '../flows/request.ts';
import { throughConnection } from '../modules/connection.ts';
import { KeptModule } from '../modules/open.ts';
import { askSgp, type SgpClients, type SgpQuestion } from '../modules/sgp.ts';
import type { AiDeps } from './provider.ts';

export interface OutsideDeps extends AiDeps {
	sgp: SgpClients;
	/** Origins of our own that may be called all the same: simulators. */
	flowOrigins: readonly string[];
}

/** The turn in which others are asked; null: it is a trial, which changes nothing anywhere. */
export type Turn = { conversationId: string; ownerEpoch: number; revision: number } | null;

/** What a machine answers that a trial did not ask. */
export const NOT_ASKED = { ok: true, body: { not_done: 'this is a trial: nothing was changed' } } satisfies Outcome;

const Begun = z.union([
	z.object({ id: z.guid(), begun: z.boolean().optional() }),
	z.object({ outcome: z.custom<Outcome>((value) => typeof value === 'object' && value !== null) }),
	z.object({ refused: z.string() })
]);

const MODULE_OFF: Outcome = { ok: false, code: 'module_off' };

/**
 * Other machines, as an agent's tools ask them: through the tenant's integrations, outside of any transaction, at the
 * addresses that flows may call. What changes something there is written down before (`private.ai_changes`): a turn that
 * is thought again has the answer of the first time.
 */
export class Outside {
	readonly #deps: OutsideDeps;
	readonly #tenantId: string;
	readonly #turn: Turn;
	readonly #signal: AbortSignal;

	constructor(deps: OutsideDeps, tenantId: string, turn: Turn, signal: AbortSignal) {
		this.#deps = deps;
		this.#tenantId = tenantId;
		this.#turn = turn;
		this.#signal = signal;
	}

	/** Asks SGP. An unblock is asked for once; where nobody knows what came of it, it is not asked for again. */
	async sgp(question: SgpQuestion, tool: string): Promise<Outcome> {
		const module = await this.#module('sgp', null);
		if (!module) return MODULE_OFF;
		if (question.ask !== 'unblock') return askSgp(this.#deps.sgp, module, question, 1);
		return this.#change(tool, question.contract, (_key, begun) =>
			askSgp(this.#deps.sgp, module, question, begun ? 2 : 1)
		);
	}

	/** Calls a connection. Whatever is not just read carries the same idempotency key each time. */
	async http(connection: string, request: HttpRequest, tool: string): Promise<Outcome> {
		const module = await this.#module('http', connection);
		if (!module) return MODULE_OFF;
		const through = await throughConnection(this.#deps.keys, module, request);
		if (!through.ok) return through;
		const { flowOrigins: origins } = this.#deps;
		const ask = (key: string) => call(through.request, { key, signal: this.#signal, origins });
		if (request.method === 'GET') return ask(randomUUID());
		const about = createHash('sha256').update(`${request.method} ${request.url}\n${request.body}`).digest('hex');
		return this.#change(tool, about, ask);
	}

	async #module(module: string, id: string | null): Promise<KeptModule | null> {
		const [row] = await answered(
			this.#deps.db<{ module: unknown }[]>`
				select private.module_of_call(${this.#tenantId}, ${module}, ${id}) as module`
		);
		return KeptModule.nullable().parse(row?.module ?? null);
	}

	async #change(tool: string, about: string, ask: (key: string, begun: boolean) => Promise<Outcome>): Promise<Outcome> {
		if (!this.#turn) return NOT_ASKED;
		const { db } = this.#deps;
		const { conversationId, ownerEpoch, revision } = this.#turn;
		const [row] = await answered(
			db<{ begun: unknown }[]>`
				select private.begin_ai_change(${conversationId}, ${ownerEpoch}, ${revision}, ${tool}, ${about}) as begun`
		);
		const begun = Begun.parse(row?.begun);
		if ('outcome' in begun) return begun.outcome;
		if ('refused' in begun) return { ok: false, code: begun.refused };
		const outcome = await ask(begun.id, begun.begun ?? false);
		await answered(db`select private.settle_ai_change(${begun.id}, ${JSON.stringify(outcome)}::text::jsonb)`);
		return outcome;
	}
}
