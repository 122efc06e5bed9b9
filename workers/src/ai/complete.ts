import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { Tokens } from '@prosa/core/ai/budget/budget.ts';
import { limitsOf, Piece, Usage } from '@prosa/core/ai/wire/completion.ts';
import { z } from 'zod';
import type { Question } from './call.ts';

export interface ToolCall {
	id: string;
	name: string;
	/** JSON, as the model wrote it. */
	arguments: string;
}

export interface Completion {
	text: string;
	calls: ToolCall[];
	usage: Tokens | null;
	/** The answer did not fit. */
	cut: boolean;
}

const Whole = z.object({
	choices: z
		.array(
			z.object({
				finish_reason: z.string().nullish(),
				message: z.object({
					content: z.string().nullish(),
					tool_calls: z
						.array(
							z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string().default('') }) })
						)
						.nullish()
				})
			})
		)
		.min(1),
	usage: Usage
});

/** One completion, whatever server answers: what it says is checked, not believed. Throws the client's errors, or zod's. */
export async function complete(client: OpenAI, question: Question, signal: AbortSignal): Promise<Completion> {
	const body = bodyOf(client, question);
	const { onPiece } = question;
	if (!onPiece) {
		const read = Whole.parse(await client.chat.completions.create(body, { signal }));
		const [choice] = read.choices;
		return {
			text: choice?.message.content ?? '',
			calls: (choice?.message.tool_calls ?? []).map(({ id, function: { name, arguments: args } }) => ({
				id,
				name,
				arguments: args
			})),
			usage: read.usage,
			cut: choice?.finish_reason === 'length'
		};
	}
	const stream = await client.chat.completions.create(
		{ ...body, stream: true, stream_options: { include_usage: true } },
		{ signal }
	);
	const completion: Completion = { text: '', calls: [], usage: null, cut: false };
	let ended = false;
	for await (const chunk of stream) {
		const { choices, usage } = Piece.parse(chunk);
		completion.usage = usage ?? completion.usage;
		const [choice] = choices;
		if (choice?.delta.content) {
			completion.text += choice.delta.content;
			onPiece(choice.delta.content);
		}
		if (choice?.finish_reason) ended = true;
		completion.cut ||= choice?.finish_reason === 'length';
	}
	if (!ended) throw new Error('the stream broke off');
	return completion;
}

function bodyOf(client: OpenAI, question: Question): ChatCompletionCreateParamsNonStreaming {
	const { model, messages, tools = [], schema } = question;
	return {
		model,
		messages,
		...limitsOf(question, client.baseURL),
		...(tools.length > 0 ? { tools } : {}),
		...(schema ? { response_format: { type: 'json_schema' as const, json_schema: { ...schema, strict: true } } } : {})
	};
}
