import { cut } from '@prosa/core/ai/knowledge/cut.ts';
import { z } from 'zod';
import { evaluate } from '../ai/evaluate.ts';
import type { OutsideDeps } from '../ai/outside.ts';
import type { AiDeps } from '../ai/provider.ts';
import { tryAgent } from '../ai/trial.ts';
import { takeTurn } from '../ai/turn.ts';
import { answered } from '../answered.ts';
import { task } from '../task.ts';

const Payload = z.object({ conversation_id: z.guid() });

/**
 * Has an AI agent answer in a conversation. Runs again safely: answer and state are kept together, once a turn, and only
 * while the conversation is the agent's; a model that was asked in vain is asked again.
 */
export const aiTurn = (deps: OutsideDeps) =>
	task(Payload, async ({ conversation_id }, { abortSignal, logger }) => {
		const came = await takeTurn(deps, conversation_id, abortSignal);
		if (came === 'failed') logger.warn('what an agent wanted to say could not be sent: a person has the conversation');
	});

const Document = z.object({
	format: z.enum(['text', 'markdown', 'csv', 'html', 'pdf']),
	body: z.string(),
	revision: z.number().int()
});

/** Cuts a document into pieces. Runs again safely: pieces are put in the place of those before, for one revision. */
export const aiIndex = ({ db }: Pick<AiDeps, 'db'>) =>
	task(z.object({ document_id: z.guid() }), async ({ document_id }) => {
		const [row] = await answered(
			db<{ document: unknown }[]>`select private.ai_document_to_index(${document_id}) as document`
		);
		if (!row?.document) return;
		const { format, body, revision } = Document.parse(row.document);
		const pieces = JSON.stringify(cut(body, format === 'html' || format === 'pdf' ? 'markdown' : format));
		await answered(db`select private.keep_ai_pieces(${document_id}, ${revision}, ${pieces}::text::jsonb)`);
	});

/** Has an agent's draft answer a made-up customer. Runs again safely: a trial is answered once. */
export const aiTry = (deps: OutsideDeps) =>
	task(z.object({ trial_id: z.guid() }), ({ trial_id }, { abortSignal }) => tryAgent(deps, trial_id, abortSignal));

/** Puts an evaluation's cases to an agent. Runs again safely: what was asked is not asked again. */
export const aiEvaluationRun = (deps: OutsideDeps) =>
	task(z.object({ run_id: z.guid() }), ({ run_id }, { abortSignal }) => evaluate(deps, run_id, abortSignal));

/** Settles calls whose worker is gone, forgets old ones, and wipes facts that were erased (crontab). Runs again safely: what is settled stays. */
export const aiCallsTidy = ({ db }: Pick<AiDeps, 'db'>) =>
	task(z.unknown(), async (_payload, { logger }) => {
		const [row] = await answered(db<{ lost: number }[]>`select private.tidy_ai_calls() as lost`);
		await answered(db`select private.tidy_contact_facts()`);
		if (row && row.lost > 0) logger.warn(`${row.lost} calls of a model were cut off`);
	});
