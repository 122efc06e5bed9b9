import { AgentConfig } from '@prosa/core/ai/agent.ts';
import { isErrorCode, sentence } from '@prosa/core/errors/catalogue.ts';
import { localeOf } from '@prosa/core/locale.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { OutsideDeps } from './outside.ts';
import { Reading } from './reading.ts';
import { think } from './think.ts';
import { judge } from './turn.ts';

const Trial = Reading.extend({ user_id: z.guid() });

/** Thinks a turn out for a made-up customer and keeps what it came to for the person who asked. Nothing is said or done. */
export async function tryAgent(deps: OutsideDeps, trialId: string, signal: AbortSignal): Promise<void> {
	const [row] = await answered(deps.db<{ reading: unknown }[]>`select private.ai_trial_reading(${trialId}) as reading`);
	if (!row?.reading) return;
	const reading = Trial.parse(row.reading);
	const config = AgentConfig.safeParse(reading.agent.definition);
	const settle = (answer: object | null, error: string | null) =>
		answered(
			deps.db`select private.settle_ai_trial(${trialId}, ${answer && JSON.stringify(answer)}::text::jsonb, ${error})`
		);
	if (!config.success) {
		await settle(null, 'ai_agent_invalid');
		return;
	}
	const agent = config.data;
	const started = performance.now();
	const thought = await think(
		deps,
		agent,
		reading,
		{ purpose: 'try', conversationId: null, userId: reading.user_id },
		signal
	);
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
	};
	// What could not even be asked is told as it is: there is nothing to try.
	const unasked = thought.code !== null && thought.code !== 'ai_failed';
	await settle(unasked ? null : answer, unasked ? thought.code : null);
}
