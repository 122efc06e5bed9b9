import type { AgentConfig } from '../agent.ts';
import { block } from './data.ts';
import { promptId, PROMPTS, type PromptName } from './texts.ts';

export interface Document {
	id: string;
	title: string;
	text: string;
}

/** Something said, oldest first. Whoever is not the customer speaks for the company. */
export interface Turn {
	author: 'customer' | 'company';
	text: string;
}

export interface PromptInput {
	name: PromptName;
	agent: AgentConfig;
	agentVersion: number;
	company: string;
	/** What the team reads. */
	teamLanguage: string;
	/** The customer's day and hour, as they would say it. */
	now: string;
	summary?: string;
	facts?: readonly string[];
	documents?: readonly Document[];
	turns: readonly Turn[];
}

export interface Prompt {
	id: string;
	messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
	/** The documents that may be cited. */
	sources: string[];
}

export const TONES: Record<AgentConfig['tone'], string> = {
	friendly: 'warm and plain',
	formal: 'formal and courteous',
	brief: 'as brief as possible',
	playful: 'light and playful, an emoji now and then'
};

/**
 * A prompt: our rules first, then what the tenant set, then what others wrote. The order goes from what never changes to
 * what always does, so that a provider's cache serves the beginning.
 */
export function assemble(input: PromptInput): Prompt {
	const { name, agent, agentVersion, documents = [], turns } = input;
	const speaks = speaksAs(name);
	const system = [PROMPTS[name].text, settings(input), knowledge(input)].filter((part) => part !== '').join('\n\n');
	return {
		id: promptId(name, agentVersion),
		messages: [
			{ role: 'system', content: system },
			...(speaks ? examples(agent) : []),
			...(speaks ? said(turns) : [{ role: 'user' as const, content: transcript(turns) }])
		],
		sources: documents.map(({ id }) => id)
	};
}

/** Speaks to the customer, so the tenant's voice and examples go with it; others report to the team. */
const speaksAs = (name: PromptName): boolean => name === 'reply' || name === 'suggest';

function settings({ agent, company, teamLanguage, now, name }: PromptInput): string {
	const list = (tag: string, items: readonly string[]) => items.map((item) => block(tag, item));
	return [
		`The company's settings, as data:`,
		block('company', company),
		block('now', now),
		block('team_language', teamLanguage),
		...(name === 'decide' ? [block('remember', agent.tools.includes('remember') ? 'yes' : 'no')] : []),
		...(speaksAs(name)
			? [
					block('agent_name', agent.name),
					block('tone', TONES[agent.tone]),
					block('languages', agent.languages.join(', '), {
						rule: 'answer in the one the customer writes, else the first'
					}),
					...(agent.persona ? [block('persona', agent.persona)] : []),
					...list('rule', agent.rules)
				]
			: []),
		...list('topic', agent.topics),
		...list('forbidden_topic', agent.forbidden_topics)
	].join('\n');
}

function knowledge({ summary, facts = [], documents = [] }: PromptInput): string {
	return [
		...(summary ? [block('summary', summary)] : []),
		...facts.map((fact) => block('fact', fact)),
		...documents.map(({ id, title, text }) => block('document', text, { id, title }))
	].join('\n');
}

const customer = (text: string): string => block('customer_message', text);

function examples({ examples }: AgentConfig): Prompt['messages'] {
	return examples.flatMap(({ customer: asked, answer }) => [
		{ role: 'user' as const, content: customer(asked) },
		{ role: 'assistant' as const, content: answer }
	]);
}

/** A burst of messages is one turn. */
function said(turns: readonly Turn[]): Prompt['messages'] {
	const messages: Prompt['messages'] = [];
	for (const { author, text } of turns) {
		const role = author === 'customer' ? 'user' : 'assistant';
		const content = author === 'customer' ? customer(text) : text;
		const last = messages.at(-1);
		if (last?.role === role) last.content += `\n${content}`;
		else messages.push({ role, content });
	}
	return messages;
}

export const transcript = (turns: readonly Turn[]): string =>
	turns
		.map(({ author, text }) => block(author === 'customer' ? 'customer_message' : 'company_message', text))
		.join('\n');
