import { AgentConfig } from '@prosa/core/ai/agent.ts';
import type { Decision } from '@prosa/core/ai/decision/decision.ts';
import { learntFacts } from '@prosa/core/ai/facts/learnt.ts';
import { keptOf } from '@prosa/core/ai/masking/named.ts';
import { isErrorCode, sentence } from '@prosa/core/errors/catalogue.ts';
import { localeOf } from '@prosa/core/locale.ts';
import { answered } from '../answered.ts';
import type { OutsideDeps } from './outside.ts';
import { Reading } from './reading.ts';
import { think, type Thought } from './think.ts';
import { summaryOf } from './summary.ts';
import type { Effect } from './tools/tool.ts';
import { noteOf, plainSummary } from './words.ts';

/** A customer who writes on while we think is read again so often; then what was thought is said. */
const MOST_READINGS = 3;
/** A turn that killed its worker so often is a person's. */
const MOST_TRIES = 9;

/** What `private.commit_ai_turn` keeps. */
interface Turn {
	up_to: number;
	text: string | null;
	outcome: 'answered' | 'handed_over' | 'flow_started';
	reason: string;
	decision: Partial<Decision>;
	note?: string;
	[more: string]: unknown;
}

/**
 * Takes an agent's turn in a conversation: reads, thinks without a lock, and keeps answer and state together, if the
 * conversation is still the agent's and the customer has not written on.
 */
export async function takeTurn(deps: OutsideDeps, conversationId: string, signal: AbortSignal): Promise<string> {
	const { db } = deps;
	for (let reading = 1; ; reading++) {
		const [row] = await answered(
			db<{ reading: unknown }[]>`select private.take_ai_turn(${conversationId}, ${deps.ai.key !== null}) as reading`
		);
		if (!row?.reading) return 'nothing';
		const read = Reading.parse(row.reading);
		const turn = await turnOf(deps, read, conversationId, signal);
		const kept = { ...turn, last: reading >= MOST_READINGS };
		const [answer] = await answered(
			db<{ result: string }[]>`
				select private.commit_ai_turn(
					${conversationId}, ${read.owner_epoch}, ${read.revision}, ${JSON.stringify(kept)}::text::jsonb
				) as result`
		);
		if (answer?.result !== 'stale' || reading >= MOST_READINGS) return answer?.result ?? 'stale';
	}
}

async function turnOf(deps: OutsideDeps, reading: Reading, conversationId: string, signal: AbortSignal): Promise<Turn> {
	const config = AgentConfig.safeParse(reading.agent.definition);
	const locale = localeOf(reading.tenant.language);
	if (!config.success || reading.tries > MOST_TRIES) {
		const code = config.success ? 'ai_failed' : 'ai_agent_invalid';
		const note = noteOf({ locale, reason: sentence(code, locale) });
		const summary = plainSummary(reading.said, locale);
		return { up_to: reading.up_to, text: null, outcome: 'handed_over', reason: code, decision: {}, note, summary };
	}
	const agent = config.data;
	const thought = await think(deps, agent, reading, { purpose: 'reply', conversationId }, signal);
	const { handOver, sayIt } = judge(agent, thought, reading.answers);
	const { decision, context } = thought;
	// What was learnt stands with the contact, where it can be erased.
	const { facts, ...judged } = decision;
	const learnt: Effect[] = agent.tools.includes('remember')
		? learntFacts(facts, reading.said).map((fact) => ({ type: 'fact', tool: 'remember', ...fact }))
		: [];
	const flow = handOver === null ? context.flow : null;
	const summary =
		handOver === null ? {} : { summary: await summaryOf(deps, agent, reading, thought, { conversationId }, signal) };
	const reason = handOver === null ? decision.reason : isErrorCode(handOver) ? sentence(handOver, locale) : handOver;
	return {
		up_to: reading.up_to,
		text: flow ? null : sayIt && thought.text !== null ? thought.text : agent.fallback,
		outcome: handOver !== null ? 'handed_over' : flow ? 'flow_started' : 'answered',
		reason,
		decision: thought.decided ? judged : {},
		citations: sayIt ? thought.citations : [],
		effects: [...context.effects, ...learnt],
		masks: keptOf(thought.mask),
		made_by: agent.model.slice(0, 80),
		...(flow ? { flow_id: flow.id } : {}),
		...summary,
		...(handOver === null ? {} : { note: noteOf({ locale, reason, ...(thought.decided ? { decision } : {}) }) })
	};
}

/**
 * Whether a person takes over from here, and why (a sentence, or an error's code); and whether what the model said is said.
 * What nobody could judge is a person's.
 */
export function judge(
	agent: AgentConfig,
	{ text, code, decision, decided, context }: Pick<Thought, 'text' | 'code' | 'decision' | 'decided' | 'context'>,
	answers: number
): { handOver: string | null; sayIt: boolean } {
	if (text === null && !context.handOver && !context.flow) return { handOver: code ?? 'ai_failed', sayIt: false };
	if (context.handOver) return { handOver: context.handOver.reason, sayIt: true };
	if (!decided) return { handOver: 'ai_failed', sayIt: false };
	const { on_request, on_negative_sentiment, after_answers, below_confidence } = agent.hand_over;
	if (decision.confidence < below_confidence) return { handOver: decision.reason || 'ai_failed', sayIt: false };
	const asked = decision.hand_over && (on_request || decision.intent !== 'person');
	const upset = on_negative_sentiment && decision.sentiment === 'negative';
	const long = answers + 1 > after_answers;
	if (asked || upset || long) return { handOver: decision.reason || 'ai_failed', sayIt: true };
	return { handOver: null, sayIt: true };
}
