import type { AgentConfig } from '@prosa/core/ai/agent.ts';
import type { Mask } from '@prosa/core/ai/masking/mask.ts';
import { fold } from '@prosa/core/text/fold.ts';
import { jsonrepair } from 'jsonrepair';
import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { ToolCall } from '../complete.ts';
import type { Found, Reading } from '../reading.ts';
import { ownTools } from './http.ts';
import { SGP_TOOLS } from './sgp.ts';
import { line, tool, type Tool, type ToolContext } from './tool.ts';

/** By name, as core's TOOLS names them; one that is not here (yet) is given to no model. */
export const REGISTRY: Partial<Record<AgentConfig['tools'][number], Tool>> = {
	hand_over: tool({
		description: () => 'Hands the conversation to a person of the team. Say so to the customer in your answer.',
		input: () => z.object({ reason: line(160).describe('one short sentence for the team, without personal data') }),
		run: ({ reason }, context) => {
			context.handOver = { reason };
			return { ok: true };
		}
	}),
	knowledge_search: tool({
		description: () => "Searches the company's documents.",
		input: () => z.object({ query: line(300) }),
		run: async ({ query }, context) => {
			const found = await context.search(query);
			return {
				documents: found.map((piece) => {
					const same = (one: Found) => one.document_id === piece.document_id && one.position === piece.position;
					if (!context.sources.some(same)) context.sources.push(piece);
					return { id: `d${context.sources.findIndex(same) + 1}`, title: piece.title, text: textOf(piece) };
				})
			};
		}
	}),
	contact_lookup: tool({
		description: () => 'What the company knows about this customer.',
		input: () => z.object({}),
		run: (_input, { reading: { contact, tags } }) => ({
			name: contact.name === '' ? null : '[NAME_1]',
			language: contact.language,
			phone: contact.phone && `+${contact.phone}`,
			email: contact.email,
			fields: contact.attributes,
			tags
		})
	}),
	contact_update: tool({
		description: ({ fields }) =>
			`Writes down what the customer said of themselves.${fields.length > 0 ? ` Fields: ${fields.map(({ key, label }) => `${key} (${label})`).join(', ')}.` : ''}`,
		input: () =>
			z.object({
				name: line(200).optional(),
				email: line(254).optional(),
				field: line(60).optional(),
				value: z.union([z.string().max(1_000), z.number(), z.boolean()]).optional()
			}),
		run: ({ name, email, field, value }, { reading, effects }) => {
			if (name !== undefined || email !== undefined)
				effects.push({ type: 'contact', tool: 'contact_update', name, email });
			if (field === undefined || value === undefined) return { ok: name !== undefined || email !== undefined };
			if (!reading.fields.some(({ key }) => key === field)) return { error: `there is no field ${field}` };
			effects.push({
				type: 'act',
				tool: 'contact_update',
				action: { type: 'set_contact_attribute', key: field, value }
			});
			return { ok: true };
		}
	}),
	tag: tool({
		description: ({ known_tags }) => `Tags the conversation for the team. Tags: ${known_tags.join(', ')}.`,
		input: () => z.object({ tags: z.array(line(40)).min(1).max(5) }),
		run: ({ tags }, { reading, effects }) => {
			const names = reading.known_tags.filter((known) => tags.some((one) => fold(one) === fold(known)));
			if (names.length === 0) return { error: 'there is no such tag' };
			effects.push({ type: 'tag', tool: 'tag', names });
			return { ok: true, tags: names };
		}
	}),
	lead: tool({
		description: () =>
			'Notes for the sales team that this customer may buy something: what, how near they are, and for how much if they said so.',
		input: () =>
			z.object({
				title: line(200).describe('what they want, in a few words'),
				temperature: z.enum(['cold', 'warm', 'hot']),
				reason: line(300).describe('why, in one sentence'),
				value: z.number().min(0).max(1e9).optional().describe('in the currency of the company')
			}),
		run: (lead, { effects }) => {
			effects.push({ type: 'lead', tool: 'lead', ...lead });
			return { ok: true };
		}
	}),
	flow_start: tool({
		description: ({ flows }) =>
			`Starts one of the company's bots, which goes on with the customer in your place. Bots: ${flows.map(({ name }) => name).join(', ')}.`,
		input: () => z.object({ name: line(80) }),
		run: ({ name }, context) => {
			const flow = context.reading.flows.find((one) => fold(one.name) === fold(name));
			if (!flow) return { error: 'there is no such bot' };
			context.flow = flow;
			return { ok: true };
		}
	}),
	...SGP_TOOLS
};

export const textOf = ({ heading, text }: Found): string => (heading === '' ? text : `${heading}\n${text}`);

/** The tools an agent was given, as far as there is what they need, by name. */
export function offered(agent: AgentConfig, reading: Reading): Map<string, Tool> {
	const given = agent.tools.flatMap((name) => {
		const one = REGISTRY[name];
		return one && (one.available?.(reading) ?? true) ? [[name, one] as const] : [];
	});
	return new Map<string, Tool>([...given, ...ownTools(agent, reading)]);
}

/** They, as a model is told of them. */
export const toldOf = (tools: Map<string, Tool>, reading: Reading): ChatCompletionTool[] =>
	[...tools].map(([name, one]) => {
		const { $schema: _, ...parameters } = z.toJSONSchema(one.input(reading));
		return { type: 'function' as const, function: { name, description: one.description(reading), parameters } };
	});

/** Does what a model calls for, if the agent may; what it wrote is checked, and personal data put back first. Gives what to tell the model. */
export async function runTool(
	call: ToolCall,
	tools: Map<string, Tool>,
	mask: Mask,
	context: ToolContext
): Promise<string> {
	const result = await resultOf(call, tools, mask, context);
	// Masked before it is cut: half a number is not known for one.
	const told = mask.mask(JSON.stringify(result)).slice(0, 8_000);
	context.calls.push({ name: call.name, arguments: call.arguments, result: told });
	return told;
}

async function resultOf(call: ToolCall, tools: Map<string, Tool>, mask: Mask, context: ToolContext): Promise<unknown> {
	const one = tools.get(call.name);
	if (!one) return { error: 'there is no such tool' };
	const input = one.input(context.reading).safeParse(argumentsOf(call.arguments, mask));
	if (!input.success) return { error: z.prettifyError(input.error).slice(0, 300) };
	return one.run(input.data, context);
}

function argumentsOf(written: string, mask: Mask): unknown {
	try {
		return unmasked(JSON.parse(written.trim() === '' ? '{}' : jsonrepair(written)), mask);
	} catch {
		return null;
	}
}

function unmasked(value: unknown, mask: Mask): unknown {
	if (typeof value === 'string') return mask.unmask(value).text;
	if (Array.isArray(value)) return value.map((one) => unmasked(one, mask));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unmasked(one, mask)]));
}
