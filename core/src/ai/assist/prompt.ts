import { AgentConfig } from '../agent.ts';
import { NAME } from '../masking/named.ts';
import type { Mask } from '../masking/mask.ts';
import { assemble, TONES, type PromptInput, type Turn } from '../prompt/assemble.ts';
import { block } from '../prompt/data.ts';
import { promptId, PROMPTS } from '../prompt/texts.ts';
import type { Ask, Rewrite } from './ask.ts';
import { NEXT_SCHEMA } from './next.ts';
import type { AssistReading } from './reading.ts';

export interface AssistPrompt {
	/** Which of our texts, in which version. */
	id: string;
	purpose: 'suggest' | 'rewrite' | 'translate' | 'summarise' | 'next';
	messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
	schema: { name: string; schema: Record<string, unknown> } | null;
	temperature: number;
	maxOutputTokens: number;
	/** Titles of the documents that may be named as [d1], [d2], … */
	sources: string[];
}

const HOW: Record<Rewrite, string> = {
	brand: "in the company's own voice, as its settings describe it",
	shorter: 'shorter: half as long or less, with nothing important lost',
	friendlier: 'warmer and friendlier, without flattery',
	formal: 'more formal and courteous, as to a customer one does not know',
	spelling: 'with its spelling, grammar and punctuation mended, and nothing else changed'
};

/** Longer than any message that WhatsApp takes. */
const LONGEST_ANSWER = 1_500;

/** The prompt for what a person asks. Personal data is masked in it: the mask puts it back into the answer. */
export function assistPrompt(ask: Ask, reading: AssistReading, mask: Mask, now: string): AssistPrompt {
	const { voice } = reading;
	const agent = voiceOf(reading);
	const number = voice?.number ?? 0;
	const base = { schema: null, sources: [], temperature: 0.2, maxOutputTokens: LONGEST_ANSWER };
	const input = (name: PromptInput['name'], teamLanguage: string, documents: PromptInput['documents'] = []) =>
		assemble({
			name,
			agent,
			agentVersion: number,
			company: reading.tenant.name,
			teamLanguage,
			now,
			...(reading.summary === null ? {} : { summary: mask.mask(reading.summary) }),
			facts: [
				...(reading.contact.name === '' ? [] : [`Name: ${NAME}`]),
				...factsOf(reading).map((fact) => mask.mask(fact))
			],
			documents,
			turns: turnsOf(reading, mask)
		});
	switch (ask.task) {
		case 'suggest': {
			const documents = reading.documents.map(({ title, heading, text }, index) => ({
				id: `d${index + 1}`,
				title: mask.mask(title),
				text: mask.mask(heading === '' ? text : `${heading}\n${text}`)
			}));
			const prompt = input('suggest', reading.tenant.language, documents);
			return {
				...base,
				id: prompt.id,
				purpose: 'suggest',
				messages: withLast(prompt.messages, block('draft', mask.mask(ask.draft))),
				sources: reading.documents.map(({ title }) => title),
				temperature: agent.temperature,
				maxOutputTokens: Math.min(agent.max_output_tokens, LONGEST_ANSWER)
			};
		}
		case 'rewrite':
			return {
				...base,
				id: promptId('rewrite', number),
				purpose: 'rewrite',
				messages: [
					{
						role: 'system',
						content: `${PROMPTS.rewrite.text}\n\nRewrite it ${HOW[ask.how]}.${ask.how === 'brand' ? `\n\n${brandOf(agent)}` : ''}`
					},
					{ role: 'user', content: block('text', mask.mask(ask.text)) }
				]
			};
		case 'translate':
		case 'translate_message': {
			const text = ask.task === 'translate' ? ask.text : (reading.message?.text ?? '');
			// Where nobody wrote down which language is theirs, their own words show it.
			const own = ask.to === null ? (reading.contact.language ?? null) : ask.to;
			const into =
				own === null
					? `the language of these messages of the customer:\n${customerWords(reading, mask)}`
					: `the language ${own} (BCP 47).`;
			return {
				...base,
				id: promptId('translate', number),
				purpose: 'translate',
				temperature: 0,
				messages: [
					{ role: 'system', content: `${PROMPTS.translate.text}\n\nTranslate it into ${into}` },
					{ role: 'user', content: block('text', mask.mask(text)) }
				]
			};
		}
		case 'summarise': {
			const prompt = input('summarise', ask.to);
			return { ...base, id: prompt.id, purpose: 'summarise', messages: prompt.messages, maxOutputTokens: 400 };
		}
		case 'next': {
			const prompt = input('next', ask.to);
			return {
				...base,
				id: prompt.id,
				purpose: 'next',
				messages: prompt.messages,
				schema: NEXT_SCHEMA,
				temperature: 0,
				maxOutputTokens: 300
			};
		}
	}
}

/** The tenant's voice, or a plain one where it has none or ours has learned something new since. */
function voiceOf({ voice, tenant, model }: AssistReading): AgentConfig {
	const read = AgentConfig.safeParse(voice?.definition);
	const name = tenant.name.trim().slice(0, 60) || 'Prosa';
	return read.success ? read.data : AgentConfig.parse({ name, model: model ?? 'none' });
}

function brandOf(agent: AgentConfig): string {
	return [
		`The company's voice, as data:`,
		block('tone', TONES[agent.tone]),
		...(agent.persona ? [block('persona', agent.persona)] : []),
		...agent.examples.slice(0, 5).map(({ answer }) => block('example', answer))
	].join('\n');
}

/** What was said, as a model reads it: a picture is named, its caption with it. */
const turnsOf = ({ said }: AssistReading, mask: Mask): Turn[] =>
	said.map(({ author, kind, text }) => ({
		author,
		text: mask.mask(kind === 'text' ? (text ?? '') : `(${kind})${text ? ` ${text}` : ''}`)
	}));

const factsOf = ({ contact, tags, stands }: AssistReading): string[] => [
	...(contact.facts ?? []),
	...(tags.length > 0 ? [`Tags: ${tags.join(', ')}`] : []),
	`The conversation is ${stands.status}${stands.waiting ? ', the customer waits' : ''}${stands.assigned ? '' : ', nobody has it yet'}.`,
	...(stands.team ? [`Team: ${stands.team}`] : [])
];

const customerWords = ({ said }: AssistReading, mask: Mask): string =>
	said
		.filter(({ author, text }) => author === 'customer' && text)
		.slice(-3)
		.map(({ text }) => block('customer_message', mask.mask((text ?? '').slice(0, 400))))
		.join('\n');

/** Adds to what the user says last: two of them in a row are not taken everywhere. */
function withLast(messages: AssistPrompt['messages'], content: string): AssistPrompt['messages'] {
	const last = messages.at(-1);
	return last?.role === 'user'
		? [...messages.slice(0, -1), { role: 'user', content: `${last.content}\n${content}` }]
		: [...messages, { role: 'user', content }];
}
