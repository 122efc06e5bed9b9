import type { AgentConfig } from '@prosa/core/ai/agent.ts';
import { putBack } from '@prosa/core/ai/masking/named.ts';
import { assemble } from '@prosa/core/ai/prompt/assemble.ts';
import { localeOf } from '@prosa/core/locale.ts';
import { askModel } from './call.ts';
import { nowAt, saidOf } from './context.ts';
import type { AiDeps } from './provider.ts';
import type { Reading } from './reading.ts';
import type { Thought } from './think.ts';
import { plainSummary } from './words.ts';

/** Whoever takes over should not have to wait for it: the conversation is theirs only when it is there. */
const PATIENCE_MS = 6_000;
const LONGEST = 1_500;

/**
 * What a person reads who takes a conversation over: what the customer wants, what was tried, what is open. Where no model
 * says so, the words themselves do: first and last of the customer's, last of the company's. Never throws for a model.
 */
export async function summaryOf(
	deps: AiDeps,
	agent: AgentConfig,
	reading: Reading,
	{ mask, context, code }: Pick<Thought, 'mask' | 'context' | 'code'>,
	{ conversationId }: { conversationId: string | null },
	signal: AbortSignal
): Promise<string> {
	const { tenant } = reading;
	const plain = plainSummary(reading.said, localeOf(tenant.language));
	// A model that has just not answered is not asked once more, with a customer waiting.
	if (code !== null) return plain;
	const prompt = assemble({
		name: 'summarise',
		agent,
		agentVersion: reading.agent.number,
		company: tenant.name,
		teamLanguage: tenant.language,
		now: nowAt(tenant),
		...(reading.summary === null ? {} : { summary: mask.mask(reading.summary) }),
		// What the agent is about to do counts as done: it is kept together with the summary.
		facts: context.effects.map(({ tool }) => `Done by the agent: ${tool}`),
		turns: saidOf(reading.said).map(({ author, text }) => ({ author, text: mask.mask(text) }))
	});
	const answer = await askModel(
		deps,
		{
			tenantId: tenant.id,
			agent: {
				id: reading.agent.id,
				versionId: reading.agent.version_id,
				daily_usd: agent.budget.daily_usd,
				monthly_usd: agent.budget.monthly_usd,
				perHour: agent.budget.answers_per_hour
			},
			conversationId,
			purpose: 'summarise',
			prompt: prompt.id,
			model: agent.model,
			messages: prompt.messages,
			temperature: 0.2,
			maxOutputTokens: 400,
			deadline: Date.now() + Math.min(PATIENCE_MS, agent.timeout_seconds * 1_000)
		},
		signal
	);
	const text = answer.ok ? putBack(answer.completion.text, mask).trim() : '';
	return (text === '' ? plain : text).slice(0, LONGEST).toWellFormed();
}
