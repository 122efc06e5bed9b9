import type { AgentConfig } from '@prosa/core/ai/agent.ts';
import { vouchedLinks } from '@prosa/core/ai/answer/links.ts';
import type { Tokens } from '@prosa/core/ai/budget/budget.ts';
import { readDecision, UNREADABLE, type Decision } from '@prosa/core/ai/decision/decision.ts';
import { DECISION_SCHEMA } from '@prosa/core/ai/decision/schema.ts';
import type { Mask } from '@prosa/core/ai/masking/mask.ts';
import { maskNamed, NAME, putBack } from '@prosa/core/ai/masking/named.ts';
import { assemble, type PromptInput } from '@prosa/core/ai/prompt/assemble.ts';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { createHash } from 'node:crypto';
import { askModel, type Question } from './call.ts';
import type { AiDeps } from './provider.ts';
import { nowAt, saidOf, searchFor } from './context.ts';
import type { Found, Reading } from './reading.ts';
import { Outside, type OutsideDeps } from './outside.ts';
import { offered, runTool, textOf, toldOf } from './tools/registry.ts';
import type { ToolContext } from './tools/tool.ts';

/** What a turn came to, before it is decided whose the conversation is next. */
export interface Thought {
	/** Null: the model gave no usable answer. */
	text: string | null;
	/** Why not. */
	code: string | null;
	decision: Decision;
	/** Null: nobody could ask for one. */
	decided: boolean;
	/** `hash`: of the text that was read, by which it is known again when the document has changed. */
	citations: (Pick<Found, 'document_id' | 'position' | 'title'> & { hash: string })[];
	mask: Mask;
	context: ToolContext;
	/** Of all its calls that were answered. */
	tokens: { input: number; output: number };
}

/** How often a model may call tools before it must answer. */
const MOST_ROUNDS = 5;
/** As much as WhatsApp takes in one message. */
const LONGEST = 4_096;

/** Thinks a turn out: the answer and the decision at once, both from the same masked words. */
export async function think(
	deps: OutsideDeps,
	agent: AgentConfig,
	reading: Reading,
	options: { purpose: 'reply' | 'try' | 'evaluate'; conversationId: string | null; userId?: string },
	signal: AbortSignal
): Promise<Thought> {
	const mask = maskNamed(reading.contact.name, reading.masks);
	const turns = saidOf(reading.said).map(({ author, text }) => ({ author, text: mask.mask(text) }));
	const context: ToolContext = {
		reading,
		search: (question) => searchFor(deps.db, reading.tenant.id, question),
		outside: new Outside(deps, reading.tenant.id, turnOf(reading, options.conversationId), signal),
		sources: await searchFor(deps.db, reading.tenant.id, lastWords(reading)),
		effects: [],
		handOver: null,
		flow: null,
		calls: []
	};
	const input: Omit<PromptInput, 'name'> = {
		agent,
		agentVersion: reading.agent.number,
		company: reading.tenant.name,
		teamLanguage: reading.tenant.language,
		now: nowAt(reading.tenant),
		...(reading.summary === null ? {} : { summary: mask.mask(reading.summary) }),
		facts: factsOf(reading)
			.map((fact) => mask.mask(fact))
			.concat(reading.contact.name === '' ? [] : [`Name: ${NAME}`]),
		documents: context.sources.map((piece, index) => ({
			id: `d${index + 1}`,
			title: piece.title,
			text: mask.mask(textOf(piece))
		})),
		turns
	};
	const tokens = { input: 0, output: 0 };
	const question = {
		onUsage: (usage: Tokens) => {
			tokens.input += usage.input;
			tokens.output += usage.output;
		},
		tenantId: reading.tenant.id,
		agent: {
			id: reading.agent.id,
			versionId: reading.agent.version_id,
			daily_usd: agent.budget.daily_usd,
			monthly_usd: agent.budget.monthly_usd,
			perHour: agent.budget.answers_per_hour
		},
		conversationId: options.conversationId,
		...(options.userId === undefined ? {} : { userId: options.userId }),
		model: agent.model,
		deadline: Date.now() + agent.timeout_seconds * 1_000
	};
	const [reply, decided] = await Promise.all([
		answerOf(deps, agent, { ...question, purpose: options.purpose }, input, mask, context, signal),
		decide(deps, { ...question, purpose: options.purpose === 'reply' ? 'decide' : options.purpose }, input, signal)
	]);
	const cited = reply.text === null ? { text: null, citations: [] } : readCitations(reply.text, context.sources);
	// Masked still: a payment code is no link.
	const said = cited.text === null ? null : vouchedLinks(cited.text, vouchedBy(agent, turns, context));
	return {
		text: said === null || said === '' ? null : clip(putBack(said, mask)),
		code: reply.text === null ? reply.code : said === '' ? 'ai_failed' : null,
		decision: decided ?? UNREADABLE,
		decided: decided !== null,
		citations: cited.citations,
		mask,
		context,
		tokens
	};
}

const turnOf = ({ owner_epoch, revision }: Reading, conversationId: string | null) =>
	conversationId === null ? null : { conversationId, ownerEpoch: owner_epoch, revision };

/** Whose links may be sent: the agent's own settings', and what the company and the systems it connected have said. */
const vouchedBy = (agent: AgentConfig, turns: PromptInput['turns'], { calls }: ToolContext) => ({
	settings: [
		...agent.sites,
		agent.persona,
		agent.fallback,
		...agent.rules,
		...agent.examples.map(({ answer }) => answer)
	],
	said: [
		...turns.flatMap(({ author, text }) => (author === 'company' ? [text] : [])),
		...calls
			.filter(({ name }) => name.startsWith('sgp_') || agent.http_tools.some((own) => own.name === name))
			.map(({ result }) => result)
	]
});

const lastWords = ({ said }: Reading): string => {
	const since = said.findLastIndex(({ author }) => author === 'company');
	return said
		.slice(since + 1)
		.map(({ text }) => text ?? '')
		.join('\n');
};

const factsOf = ({ contact, fields, tags }: Reading): string[] => [
	...fields.flatMap(({ key, label }) => {
		const value = contact.attributes[key];
		return value === undefined || value === null || value === '' ? [] : [`${label}: ${String(value)}`];
	}),
	...(tags.length > 0 ? [`Tags: ${tags.join(', ')}`] : []),
	...contact.facts
];

type Base = Omit<Question, 'prompt' | 'messages' | 'temperature' | 'maxOutputTokens'>;

async function answerOf(
	deps: AiDeps,
	agent: AgentConfig,
	base: Base,
	input: Omit<PromptInput, 'name'>,
	mask: Mask,
	context: ToolContext,
	signal: AbortSignal
): Promise<{ text: string; code: null } | { text: null; code: string }> {
	const prompt = assemble({ ...input, name: 'reply' });
	const messages: ChatCompletionMessageParam[] = [...prompt.messages];
	const tools = offered(agent, context.reading);
	const told = toldOf(tools, context.reading);
	for (let round = 0; round <= MOST_ROUNDS; round++) {
		const answer = await askModel(
			deps,
			{
				...base,
				prompt: prompt.id,
				messages,
				// The last time it has to answer.
				tools: round < MOST_ROUNDS ? told : [],
				temperature: agent.temperature,
				maxOutputTokens: agent.max_output_tokens
			},
			signal
		);
		if (!answer.ok) return { text: null, code: answer.code };
		const { text, calls } = answer.completion;
		if (calls.length === 0) return { text: text.trim(), code: null };
		messages.push({
			role: 'assistant',
			content: text === '' ? null : text,
			tool_calls: calls.map((call) => ({
				id: call.id,
				type: 'function',
				function: { name: call.name, arguments: call.arguments }
			}))
		});
		for (const call of calls) {
			messages.push({ role: 'tool', tool_call_id: call.id, content: await runTool(call, tools, mask, context) });
		}
	}
	return { text: null, code: 'ai_failed' };
}

async function decide(
	deps: AiDeps,
	base: Base,
	input: Omit<PromptInput, 'name'>,
	signal: AbortSignal
): Promise<Decision | null> {
	const prompt = assemble({ ...input, name: 'decide' });
	const answer = await askModel(
		deps,
		{
			...base,
			prompt: prompt.id,
			messages: prompt.messages,
			schema: DECISION_SCHEMA,
			temperature: 0,
			maxOutputTokens: 300
		},
		signal
	);
	if (!answer.ok) return null;
	const read = readDecision(answer.completion.text);
	return read.ok ? read.decision : UNREADABLE;
}

/** `[d2]` is for the team, not for the customer: which pieces were named, and the text without. */
function readCitations(text: string, sources: Found[]): { text: string; citations: Thought['citations'] } {
	const named = new Set([...text.matchAll(/\[d(\d{1,3})\]/g)].map(([, number]) => Number(number)));
	return {
		text: text.replace(/ ?\[d\d{1,3}\](?:, ?(?=\[d\d))?/g, '').trim(),
		citations: [...named].flatMap((number) => {
			const piece = sources[number - 1];
			if (!piece) return [];
			const { document_id, position, title } = piece;
			return [{ document_id, position, title, hash: createHash('md5').update(piece.text).digest('hex') }];
		})
	};
}

const clip = (text: string): string =>
	text.length > LONGEST
		? `${text
				.slice(0, LONGEST - 1)
				.toWellFormed()
				.trimEnd()}…`
		: text;
