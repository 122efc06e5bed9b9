import { AgentConfig } from '@prosa/core/ai/agent.ts';
import { Expected, faultsOf } from '@prosa/core/ai/evaluation/evaluation.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { OutsideDeps } from './outside.ts';
import { Reading } from './reading.ts';
import { madeUpTurn } from './trial.ts';

const Case = Reading.extend({ case_id: z.guid(), expected: Expected, user_id: z.guid().nullable() });

const WAIT_MS = 10_000;
const MOST_WAITS = 90;

/**
 * Puts an evaluation's cases to an agent, one after the other, and keeps what each came to. A worker that dies leaves what
 * was asked; the next one goes on. Where no model can be asked at all, the run says why and ends.
 */
export async function evaluate(deps: OutsideDeps, runId: string, signal: AbortSignal): Promise<void> {
	const { db } = deps;
	const end = (error: string | null) => answered(db`select private.end_ai_evaluation(${runId}, ${error})`);
	for (let waits = 0; ;) {
		signal.throwIfAborted();
		const [row] = await answered(
			db<{ reading: unknown }[]>`select private.next_ai_evaluation_case(${runId}) as reading`
		);
		if (!row?.reading) return void (await end(null));
		const reading = Case.parse(row.reading);
		const config = AgentConfig.safeParse(reading.agent.definition);
		if (!config.success) return void (await end('ai_agent_invalid'));
		const userId = reading.user_id === null ? {} : { userId: reading.user_id };
		const turn = await madeUpTurn(deps, config.data, reading, { purpose: 'evaluate', ...userId }, signal);
		// Customers go first: what they leave of a minute's calls is ours.
		if (turn.error === 'ai_rate_limited' && ++waits < MOST_WAITS) {
			await pause(WAIT_MS, undefined, { signal });
			continue;
		}
		if (turn.error !== null) return void (await end(turn.error));
		const { answer } = turn;
		const faults = faultsOf(reading.expected, { ...answer, intent: answer.decision?.intent ?? null });
		await answered(
			db`select private.keep_ai_evaluation_result(
				${runId}, ${reading.case_id}, ${JSON.stringify(faults)}::text::jsonb, ${JSON.stringify(answer)}::text::jsonb
			)`
		);
	}
}
