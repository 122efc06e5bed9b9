import { allow, nanodollars, type Tokens } from '@prosa/core/ai/budget/budget.ts';
import { priceOf } from '@prosa/core/ai/budget/prices.ts';
import { Accounts, accountsOf, mostTokens, spentOn } from '@prosa/core/ai/budget/spending.ts';
import type OpenAI from 'openai';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import { setTimeout as pause } from 'node:timers/promises';
import { answered } from '../answered.ts';
import { complete, type Completion } from './complete.ts';
import { clientFor, type AiDeps } from './provider.ts';

export type Purpose =
	'reply' | 'decide' | 'flow' | 'suggest' | 'rewrite' | 'translate' | 'summarise' | 'try' | 'evaluate';

/** One question to a model, and whose it is. */
export interface Question {
	tenantId: string;
	agent?: {
		id: string;
		versionId: string | null;
		daily_usd: number | null;
		monthly_usd: number | null;
		perHour: number;
	};
	conversationId: string | null;
	userId?: string;
	purpose: Purpose;
	/** core's promptId. */
	prompt: string;
	model: string;
	messages: ChatCompletionMessageParam[];
	tools?: ChatCompletionTool[];
	/** The answer is JSON of this schema. */
	schema?: { name: string; schema: Record<string, unknown> };
	temperature: number;
	maxOutputTokens: number;
	/** By when there must be an answer: milliseconds since the epoch. */
	deadline: number;
	/** Hears what an answer took. */
	onUsage?: (usage: Tokens) => void;
	/** Hears the words as they come. */
	onPiece?: (piece: string) => void;
}

export type Answer = { ok: true; completion: Completion } | { ok: false; code: string };

const MOST_ATTEMPTS = 3;
const PAUSE_MS = 300;

/**
 * Asks a model, again where that may help and time is left. Each attempt sets its highest price aside first and is written
 * down with what came of it. Throws only when `signal` aborts or the database fails.
 */
export async function askModel(deps: AiDeps, question: Question, signal: AbortSignal): Promise<Answer> {
	// At once: each is a round trip before the model is asked.
	const [client, read] = await Promise.all([clientFor(deps, question.tenantId), accountsNow(deps, question)]);
	if (!client) return { ok: false, code: 'ai_off' };
	let accounts = read;
	let answer: Attempt = { ok: false, code: 'ai_failed', again: null };
	for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
		if (attempt > 0) {
			const wait = answer.ok ? 0 : (answer.again ?? 0) + PAUSE_MS * 2 ** (attempt - 1);
			if (Date.now() + wait >= question.deadline) break;
			await pause(wait, undefined, { signal });
			accounts = await accountsNow(deps, question);
		}
		signal.throwIfAborted();
		answer = await attemptOnce(deps, client, accounts, question, signal);
		if (answer.ok || answer.again === null) break;
	}
	return answer.ok ? answer : { ok: false, code: answer.code };
}

/** `again`: milliseconds to wait before another attempt; null: none helps. */
type Attempt = Extract<Answer, { ok: true }> | { ok: false; code: string; again: number | null };

/** What may be spent, and what is spent already. */
async function accountsNow({ db }: AiDeps, { tenantId, agent }: Question): Promise<Accounts> {
	const [row] = await answered(
		db<{ accounts: unknown }[]>`select private.ai_accounts(${tenantId}, ${agent?.id ?? null}) as accounts`
	);
	return Accounts.parse(row?.accounts);
}

async function attemptOnce(
	{ db }: AiDeps,
	client: OpenAI,
	accounts: Accounts,
	question: Question,
	signal: AbortSignal
): Promise<Attempt> {
	const { tenantId, agent, model } = question;
	if (!accounts.enabled) return { ok: false, code: 'ai_disabled', again: null };
	const price = priceOf(model, accounts.day, accounts.prices);
	const allowance = allow(accountsOf(accounts, agent), price, {
		input: mostTokens(question.messages, question.tools ?? [], question.schema ?? null),
		max_output_tokens: question.maxOutputTokens
	});
	if (!allowance.allowed) return { ok: false, code: allowance.code, again: null };

	const begun = {
		tenant_id: tenantId,
		agent_id: agent?.id ?? null,
		version_id: agent?.versionId ?? null,
		conversation_id: question.conversationId,
		user_id: question.userId ?? null,
		purpose: question.purpose,
		model,
		prompt: question.prompt,
		reserve: allowance.reserve,
		daily: agent?.daily_usd == null ? null : nanodollars(agent.daily_usd),
		monthly: agent?.monthly_usd == null ? null : nanodollars(agent.monthly_usd),
		per_hour: agent?.perHour ?? null
	};
	const [begin] = await answered(
		db<{ begun: { id?: string; refused?: string } }[]>`
			select private.begin_ai_call(${JSON.stringify(begun)}::text::jsonb) as begun`
	);
	const id = begin?.begun.id;
	if (id === undefined) return { ok: false, code: begin?.begun.refused ?? 'ai_failed', again: null };

	const started = performance.now();
	const settle = (result: Record<string, unknown>) =>
		answered(
			db`select private.settle_ai_call(${id}, ${JSON.stringify({ latency_ms: Math.round(performance.now() - started), ...result })}::text::jsonb)`
		);
	const timeout = AbortSignal.timeout(Math.max(1, question.deadline - Date.now()));
	try {
		const completion = await complete(
			client,
			{ ...question, maxOutputTokens: allowance.max_output_tokens },
			AbortSignal.any([signal, timeout])
		);
		await settle({
			status: 'done',
			...spentOn(completion.usage, price, allowance.reserve),
			tools: completion.calls.map(({ name }) => name)
		});
		if (completion.usage) question.onUsage?.(completion.usage);
		return { ok: true, completion };
	} catch (error) {
		const failed = failureOf(error, timeout.aborted);
		// A provider that refused has done nothing; what else was cut off may have cost all that was set aside.
		await settle({
			status: 'failed',
			error: failed.error,
			cost: failed.free ? 0 : null,
			spent: failed.free ? 0 : allowance.reserve
		});
		signal.throwIfAborted();
		return { ok: false, code: 'ai_failed', again: failed.again };
	}
}

function failureOf(error: unknown, late: boolean): { error: string; free: boolean; again: number | null } {
	if (late || error instanceof APIConnectionTimeoutError) return { error: 'timeout', free: false, again: null };
	if (error instanceof APIUserAbortError) return { error: 'stopped', free: false, again: null };
	if (error instanceof APIConnectionError) return { error: 'unreached', free: false, again: 0 };
	if (error instanceof APIError && error.status !== undefined) {
		const { status } = error as { status: number };
		const after = Number(error.headers?.get('retry-after') ?? 0) * 1_000;
		const passing = status === 429 || status >= 500;
		return { error: `status_${status}`, free: true, again: passing ? (Number.isFinite(after) ? after : 0) : null };
	}
	return { error: 'malformed', free: false, again: 0 };
}
