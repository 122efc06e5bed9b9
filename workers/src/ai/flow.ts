import { Mask } from '@prosa/core/ai/masking/mask.ts';
import { block } from '@prosa/core/ai/prompt/data.ts';
import { promptId, PROMPTS } from '@prosa/core/ai/prompt/texts.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import { askModel } from './call.ts';
import type { AiDeps } from './provider.ts';

const Request = z.object({ prompt: z.string().max(20_000), seconds: z.number().min(1).max(60) });

/** Does the task of a flow's AI node. Without a provider, a model or money the flow takes its error branch. */
export async function askForFlow(
	deps: AiDeps,
	call: { tenantId: string; conversationId: string; request: unknown },
	signal: AbortSignal
): Promise<Outcome> {
	const { prompt, seconds } = Request.parse(call.request);
	const [row] = await answered(
		deps.db<{ model: string | null }[]>`select private.ai_model_of(${call.tenantId}) as model`
	);
	const model = row?.model ?? deps.ai.model;
	if (model === null) return { ok: false, code: 'ai_off' };
	const mask = new Mask();
	const answer = await askModel(
		deps,
		{
			tenantId: call.tenantId,
			conversationId: call.conversationId,
			purpose: 'flow',
			prompt: promptId('flow', 0),
			model,
			messages: [
				{ role: 'system', content: PROMPTS.flow.text },
				{ role: 'user', content: block('task', mask.mask(prompt)) }
			],
			temperature: 0.2,
			maxOutputTokens: 800,
			deadline: Date.now() + seconds * 1_000
		},
		signal
	);
	if (!answer.ok) return { ok: false, code: answer.code };
	const { text, unknown } = mask.unmask(answer.completion.text.trim());
	const said = unknown.reduce((rest, one) => rest.replaceAll(one, ''), text);
	return said === '' ? { ok: false, code: 'ai_failed' } : { ok: true, text: said.slice(0, 4_000) };
}
