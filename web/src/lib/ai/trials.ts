import type { AgentConfig } from '@prosa/core/ai/agent.ts';
import type { Json } from '@prosa/core/database.types.ts';
import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';

/** What a trial came to, as a worker writes it. */
export const TrialAnswer = z.object({
	text: z.string().nullable(),
	outcome: z.enum(['answered', 'handed_over', 'flow_started']),
	reason: z.string(),
	flow: z.string().nullable(),
	decision: z
		.object({ intent: z.string(), sentiment: z.string(), urgency: z.string(), confidence: z.number() })
		.nullable(),
	citations: z.array(
		z.object({ document_id: z.string(), position: z.number(), title: z.string(), text: z.string().optional() })
	),
	found: z.number(),
	calls: z.array(z.object({ name: z.string(), arguments: z.string(), result: z.string() })),
	tokens: z.object({ input: z.number(), output: z.number() }),
	latency_ms: z.number()
});
export type TrialAnswer = z.infer<typeof TrialAnswer>;

export interface Said {
	author: 'customer' | 'company';
	text: string;
}

const LOOK_MS = 300;
const PATIENCE_MS = 130_000;

/** Has the agent answer a made-up customer. Throws `{ code, message }` where it can't, as the database does. */
export async function tryAgent(
	client: Client,
	agentId: string,
	config: AgentConfig,
	said: Said[]
): Promise<TrialAnswer> {
	const { data: trial } = await client
		.rpc('try_ai_agent', {
			agent_id: agentId,
			definition: config as unknown as Json,
			said: said as unknown as Json
		})
		.throwOnError();
	for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
		await new Promise((done) => setTimeout(done, LOOK_MS));
		const { data } = await client
			.from('ai_trials')
			.select('answer, error, done_at')
			.eq('id', trial.id)
			.single()
			.throwOnError();
		if (data.error !== null) throw { code: 'PT409', message: data.error, details: null };
		if (data.done_at !== null) return TrialAnswer.parse(data.answer);
	}
	throw { code: 'PT502', message: 'ai_failed', details: null };
}
