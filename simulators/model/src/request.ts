import { z } from 'zod';

/*
 * What OpenAI's chat completions take, as far as an answer by rule depends on it. Unknown fields pass: the real server
 * grows faster than we do.
 */

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });
const Content = z
	.union([z.string(), z.array(Part)])
	.nullish()
	.transform((content) =>
		typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n')
	);

const ToolCall = z.object({
	id: z.string().min(1),
	type: z.literal('function'),
	function: z.object({ name: z.string().min(1), arguments: z.string() })
});

const Message = z.discriminatedUnion('role', [
	z.object({ role: z.enum(['system', 'developer']), content: Content }),
	z.object({ role: z.literal('user'), content: Content }),
	z.object({ role: z.literal('assistant'), content: Content, tool_calls: z.array(ToolCall).nullish() }),
	z.object({ role: z.literal('tool'), content: Content, tool_call_id: z.string().min(1) })
]);

/** A JSON schema, as far as values are made to fit it. */
export interface Schema {
	type?: string | string[] | undefined;
	enum?: unknown[] | undefined;
	const?: unknown;
	properties?: Record<string, Schema> | undefined;
	required?: string[] | undefined;
	items?: Schema | undefined;
	anyOf?: Schema[] | undefined;
	minimum?: number | undefined;
	maximum?: number | undefined;
	maxLength?: number | undefined;
	description?: string | undefined;
}

const JsonSchema: z.ZodType<Schema> = z.lazy(() =>
	z.looseObject({
		type: z.union([z.string(), z.array(z.string())]).optional(),
		enum: z.array(z.unknown()).optional(),
		const: z.unknown().optional(),
		properties: z.record(z.string(), JsonSchema).optional(),
		required: z.array(z.string()).optional(),
		items: JsonSchema.optional(),
		anyOf: z.array(JsonSchema).optional(),
		minimum: z.number().optional(),
		maximum: z.number().optional(),
		maxLength: z.number().optional(),
		description: z.string().optional()
	})
);

const Tool = z.object({
	type: z.literal('function'),
	function: z.object({
		name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
		description: z.string().optional(),
		parameters: JsonSchema.optional()
	})
});

export const ChatRequest = z.looseObject({
	model: z.string().min(1),
	messages: z.array(Message).min(1),
	tools: z.array(Tool).nullish(),
	tool_choice: z
		.union([
			z.enum(['none', 'auto', 'required']),
			z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) })
		])
		.nullish(),
	response_format: z
		.discriminatedUnion('type', [
			z.object({ type: z.literal('text') }),
			z.object({ type: z.literal('json_object') }),
			z.object({
				type: z.literal('json_schema'),
				json_schema: z.object({ name: z.string(), schema: JsonSchema.optional() })
			})
		])
		.nullish(),
	stream: z.boolean().nullish(),
	stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
	max_tokens: z.number().int().positive().nullish(),
	max_completion_tokens: z.number().int().positive().nullish()
});
export type ChatRequest = z.infer<typeof ChatRequest>;
export type ChatMessage = ChatRequest['messages'][number];

export const EmbeddingsRequest = z.looseObject({
	model: z.string().min(1),
	input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
	dimensions: z.number().int().min(1).max(3072).nullish(),
	encoding_format: z.enum(['float', 'base64']).nullish()
});
