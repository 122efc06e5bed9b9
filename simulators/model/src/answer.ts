import { quoteFrom } from './documents.ts';
import { fill, fillObject, wantsPerson, type Said } from './fill.ts';
import { Refusal } from './refusal.ts';
import type { ChatMessage, ChatRequest, Schema } from './request.ts';
import { understand, type Intent } from './understand.ts';
import { ACCORDING, ANSWERS, FAILED, FOUND, SIMULATED } from './words.ts';
import { tagged, write } from './writing.ts';

export interface Call {
	name: string;
	arguments: string;
}
/** What the assistant says: words, or calls of tools. */
export type Answer = { content: string; calls: [] } | { content: null; calls: Call[] };

/** Which tool serves an intent, by its name in either language. */
const TOOLS: Partial<Record<Intent, RegExp>> = {
	person: /hand_?over|transfer|human|escalat|atendente/i,
	cancel: /hand_?over|transfer|human|escalat|atendente/i,
	complaint: /hand_?over|transfer|human|escalat|atendente/i,
	invoice: /invoice|fatura|boleto|titulo|segunda/i,
	unblock: /unblock|unlock|liberac|promess|desbloque/i,
	connection: /connection|conexao|acesso|status/i,
	schedule: /schedul|agend/i,
	buy: /lead|oportunidade/i
};
/** What is looked up first where a tool needs what it knows: contracts come with the customer. */
const LOOKUP = /customer|cliente|contact_lookup/i;

/** The next turn of a conversation, by rule: the same request has the same answer. */
export function answer(request: ChatRequest): Answer {
	const said = saidIn(request.messages);
	const { understood, last } = said;
	const wanted = calls(request, said);
	if (wanted) return { content: null, calls: wanted };
	const format = request.response_format;
	if (format && format.type !== 'text') return { content: json(format, said), calls: [] };
	const written = write(request.messages);
	if (written) return { content: SIMULATED[written.language] + written.text, calls: [] };
	const words = SIMULATED[understood.language];
	const results = toolResults(request.messages);
	if (results.length > 0) return { content: words + told(results, said), calls: [] };
	const prompt = request.messages.map(({ content }) => content).join('\n');
	const quote = quoteFrom(prompt, last);
	if (quote && !wantsPerson(understood)) {
		const source = quote.id === null ? '' : ` [${quote.id}]`;
		return { content: `${words}${ACCORDING[understood.language]}${source}: ${quote.sentence}`, calls: [] };
	}
	return { content: words + ANSWERS[understood.intent][understood.language], calls: [] };
}

function saidIn(messages: ChatMessage[]): Said {
	const own = messages.filter(({ role }) => role === 'user').flatMap(({ content }) => customersWords(content));
	const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
	const last = own.at(-1) ?? '';
	const now = understand(last);
	// «123.456.789-09» says nothing by itself: what was asked before still stands.
	const before = own.toReversed().map(understand);
	const meant =
		now.intent === 'other' ? before.find(({ intent }) => !['other', 'greeting', 'thanks'].includes(intent)) : now;
	return {
		understood: {
			...now,
			intent: meant?.intent ?? now.intent,
			language: /\p{L}{3}/u.test(last) ? now.language : (before[1] ?? now).language
		},
		last,
		texts: [...results.toReversed(), ...own.toReversed()]
	};
}

/** What the customer said in a transcript of both sides; other words are theirs as a whole. */
function customersWords(content: string): string[] {
	if (!content.includes('</company_message>')) return [content];
	const said = content.split('</company_message>').map((part) => tagged(part, 'customer_message').join('\n'));
	return said.filter((part) => part !== '');
}

/** Results that the assistant has not spoken about yet. */
function toolResults(messages: ChatMessage[]): string[] {
	const since = messages.findLastIndex(({ role }) => role === 'user');
	return messages.slice(since + 1).flatMap((message) => (message.role === 'tool' ? [message.content] : []));
}

function calls({ tools, tool_choice: choice, messages }: ChatRequest, said: Said): Call[] | null {
	if (!tools || tools.length === 0 || choice === 'none') return null;
	if (typeof choice === 'object' && choice !== null) {
		const named = tools.find((tool) => tool.function.name === choice.function.name);
		if (!named)
			throw new Refusal(400, `Tool '${choice.function.name}' not found in 'tools'.`, { param: 'tool_choice' });
		return [callOf(named.function, said)];
	}
	const pattern = TOOLS[said.understood.intent];
	const done = messages.flatMap((message) =>
		message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => call.function.name) : []
	);
	const open = tools.map((tool) => tool.function).filter(({ name }) => !done.includes(name));
	const served = open.find(({ name }) => pattern?.test(name));
	if (served && complete(served.parameters, said)) return [callOf(served, said)];
	const lookup = served && open.find((tool) => LOOKUP.test(tool.name) && complete(tool.parameters, said));
	if (lookup) return [callOf(lookup, said)];
	const [first] = tools;
	return choice === 'required' && first ? [callOf(served ?? first.function, said)] : null;
}

function complete(schema: Schema | undefined, said: Said): boolean {
	const filled = schema ? fillObject(schema, said) : {};
	return (schema?.required ?? []).every((name) => filled[name] !== undefined);
}

const callOf = ({ name, parameters }: { name: string; parameters?: Schema | undefined }, said: Said): Call => ({
	name,
	arguments: JSON.stringify(parameters ? fillObject(parameters, said) : {})
});

function json(format: NonNullable<ChatRequest['response_format']>, said: Said): string {
	const schema = format.type === 'json_schema' ? format.json_schema.schema : undefined;
	if (schema) return JSON.stringify(fill('', schema, said) ?? {});
	const { understood } = said;
	return JSON.stringify({ ...understood, hand_over: wantsPerson(understood) });
}

/** Tool results in words: each thing that has a name and a value, a dozen at most. */
function told(results: string[], { understood: { language } }: Said): string {
	const lines = results.flatMap((result) => {
		let value: unknown;
		try {
			value = JSON.parse(result);
		} catch {
			return result.trim() === '' ? [] : [result.trim().slice(0, 400)];
		}
		if (typeof value === 'object' && value !== null && 'error' in value && value.error) return [null];
		return flatten(value);
	});
	if (lines.length === 0 || lines.includes(null)) return FAILED[language];
	return `${FOUND[language]}\n${lines.slice(0, 12).join('\n')}`;
}

function flatten(value: unknown, name = ''): string[] {
	if (value === null || value === undefined || value === '') return [];
	if (typeof value !== 'object') return [name ? `${name}: ${String(value)}` : String(value)];
	return Object.entries(value).flatMap(([key, one]) => flatten(one, Array.isArray(value) ? name : key));
}
