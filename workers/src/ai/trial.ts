import { AgentConfig } from '@prosa/core/ai/agent.ts';
import type { Decision } from '@prosa/core/ai/decision/decision.ts';
import { isErrorCode, sentence } from '@prosa/core/errors/catalogue.ts';
import { localeOf } from '@prosa/core/locale.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { OutsideDeps } from './outside.ts';
import { Reading } from './reading.ts';
import { think, type Thought } from './think.ts';
import { judge } from './turn.ts';

const Trial = Reading.extend({ user_id: z.guid() });

/** What a made-up customer is answered; `error`: what can't even be asked, an error's code. */
export type MadeUp =
	| { error: string }
	| {
			error: null;
			answer: {
				text: string | null;
				outcome: 'answered' | 'handed_over' | 'flow_started';
				reason: string;
				flow: string | null;
				decision: Decision | null;
				citations: (Thought['citations'][number] & { text: string | undefined })[];
				found: number;
				calls: { name: string; arguments: string; result: string }[];
				tokens: { input: number; output: number };
				latency_ms: number;
			};
	  };

/** Thinks a turn out for a made-up customer. Nothing is said, and nothing is changed anywhere. */
export async function madeUpTurn(
	deps: OutsideDeps,
	agent: AgentConfig,
	reading: Reading,
	options: { purpose: 'try' | 'evaluate'; userId?: string },
	signal: AbortSignal
): Promise<MadeUp> {
	const started = performance.now();
	const thought = await think(deps, agent, reading, { ...options, conversationId: null }, signal);
	if (thought.code !== null && thought.code !== 'ai_failed') return { error: thought.code };
	const { handOver, sayIt } = judge(agent, thought, reading.answers);
	const { context, decision } = thought;
	const locale = localeOf(reading.tenant.language);
	const cited = thought.citations.map((one) => ({
		...one,
		text: context.sources.find((piece) => piece.document_id === one.document_id && piece.position === one.position)
			?.text
	}));
	const answer = {
		text: sayIt && thought.text !== null ? thought.text : context.flow && handOver === null ? null : agent.fallback,
		outcome: handOver !== null ? 'handed_over' : context.flow ? 'flow_started' : 'answered',
		reason: handOver === null ? decision.reason : isErrorCode(handOver) ? sentence(handOver, locale) : handOver,
		flow: handOver === null ? (context.flow?.name ?? null) : null,
		decision: thought.decided ? decision : null,
		citations: sayIt ? cited : [],
		found: context.sources.length,
		calls: context.calls.map((call) => ({ ...call, result: call.result.slice(0, 2_000) })),
		tokens: thought.tokens,
		latency_ms: Math.round(performance.now() - started)
	} as const;
	return { error: null, answer };
}

/** Answers a trial, for the person who asked. */
export async function tryAgent(deps: OutsideDeps, trialId: string, signal: AbortSignal): Promise<void> {
	const [row] = await answered(deps.db<{ reading: unknown }[]>`select private.ai_trial_reading(${trialId}) as reading`);
	if (!row?.reading) return;
	const reading = Trial.parse(row.reading);
	const config = AgentConfig.safeParse(reading.agent.definition);
	const turn: MadeUp = config.success
		? await madeUpTurn(deps, config.data, reading, { purpose: 'try', userId: reading.user_id }, signal)
		: { error: 'ai_agent_invalid' };
	const answer = turn.error === null ? JSON.stringify(turn.answer) : null;
	await answered(deps.db`select private.settle_ai_trial(${trialId}, ${answer}::text::jsonb, ${turn.error})`);
}
