import type { AssistPrompt } from '@prosa/core/ai/assist/prompt.ts';
import { allow } from '@prosa/core/ai/budget/budget.ts';
import type { Price } from '@prosa/core/ai/budget/prices.ts';
import { accountsOf, mostTokens, spentOn, type Accounts } from '@prosa/core/ai/budget/spending.ts';
import { isErrorCode } from '@prosa/core/errors/catalogue.ts';
import { SetupProblem } from '@prosa/core/whatsapp/setup/problem.ts';
import type OpenAI from 'openai';
import type { AiDatabase } from './database.ts';
import { failureOf, stream, type Ended } from './provider.ts';

/** One question of a person's, and whose money it is. */
export interface Counted {
	database: AiDatabase;
	client: OpenAI;
	prompt: AssistPrompt;
	model: string;
	price: Price | null;
	accounts: Accounts;
	about: { tenant_id: string; conversation_id: string; user_id: string };
}

/** Asks, and asks once more where that may help and nothing was shown yet. Throws `Failed`, or what aborted the signal. */
export type Begun = (onPiece: (piece: string) => void, signal: AbortSignal) => Promise<Ended>;

/** What is told a person: a code of the catalogue. */
export class Failed extends Error {
	override name = 'Failed';
}

/**
 * Sets the highest price of a call aside, or refuses it: over budget, too many at once. Every attempt is a call of its own,
 * written down before it is made and with what came of it, whoever hangs up meanwhile.
 */
export async function counted(call: Counted): Promise<Begun> {
	const { prompt, accounts, price } = call;
	const allowance = allow(accountsOf(accounts), price, {
		input: mostTokens(prompt.messages, prompt.schema),
		max_output_tokens: prompt.maxOutputTokens
	});
	if (!allowance.allowed) throw new SetupProblem(allowance.code);
	const { reserve, max_output_tokens: maxOutputTokens } = allowance;
	const first = await begin(call, reserve);

	return async (onPiece, signal) => {
		let shown = false;
		for (let id = first; ; id = await begin(call, reserve)) {
			const tried = await attempt(
				call,
				id,
				{ reserve, maxOutputTokens },
				(piece) => {
					shown = true;
					onPiece(piece);
				},
				signal
			);
			if ('usage' in tried) return tried;
			signal.throwIfAborted();
			if (!tried.again || shown || id !== first) throw new Failed('ai_failed');
		}
	};
}

async function begin({ database, about, prompt, model }: Counted, reserve: number): Promise<string> {
	const { purpose, id: text } = prompt;
	const begun = await database.begin({ ...about, purpose, model, prompt: text, reserve });
	if (begun.id !== undefined) return begun.id;
	const code = begun.refused ?? '';
	throw new SetupProblem(isErrorCode(code) ? code : 'ai_failed');
}

async function attempt(
	{ database, client, prompt, model, price }: Counted,
	id: string,
	{ reserve, maxOutputTokens }: { reserve: number; maxOutputTokens: number },
	onPiece: (piece: string) => void,
	signal: AbortSignal
): Promise<Ended | { again: boolean }> {
	const started = performance.now();
	const settle = (result: object) =>
		database.settle(id, { latency_ms: Math.round(performance.now() - started), ...result });
	try {
		const ended = await stream(client, prompt, { model, maxOutputTokens }, onPiece, signal);
		await settle({ status: 'done', ...spentOn(ended.usage, price, reserve) });
		return ended;
	} catch (error) {
		const failed = signal.aborted
			? { error: isTimeout(signal) ? 'timeout' : 'stopped', free: false, again: false }
			: failureOf(error);
		// What was cut off may have cost all that was set aside.
		const cost = failed.free ? { cost: 0, spent: 0 } : { cost: null, spent: reserve };
		await settle({ status: 'failed', error: failed.error, ...cost });
		return { again: failed.again };
	}
}

export const isTimeout = ({ reason }: AbortSignal): boolean =>
	reason instanceof DOMException && reason.name === 'TimeoutError';
