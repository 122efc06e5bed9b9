import { z } from 'zod';
import { HttpTool } from './http_tools.ts';

/*
 * How a tenant sets up an agent. What a customer or a document says never changes any of it.
 */

export const AGENT_LANGUAGES = ['pt-BR', 'en', 'es'] as const;
export const TONES = ['friendly', 'formal', 'brief', 'playful'] as const;
export const TOOLS = [
	'contact_lookup',
	'contact_update',
	'tag',
	'remember',
	'hand_over',
	'knowledge_search',
	'lead',
	'schedule',
	'flow_start',
	'http',
	'sgp_customer',
	'sgp_invoices',
	'sgp_unblock',
	'sgp_connection'
] as const;

const line = (most: number) => z.string().trim().min(1).max(most);

export const AgentConfig = z.strictObject({
	name: line(60),
	model: line(100),
	/** Who it is, in the tenant's words. */
	persona: z.string().trim().max(2_000).default(''),
	tone: z.enum(TONES).default('friendly'),
	rules: z.array(line(400)).max(40).default([]),
	languages: z.array(z.enum(AGENT_LANGUAGES)).min(1).max(AGENT_LANGUAGES.length).default(['pt-BR']),
	examples: z
		.array(z.strictObject({ customer: line(600), answer: line(1_200) }))
		.max(20)
		.default([]),
	/** What it may speak about; empty means whatever its rules let it. */
	topics: z.array(line(100)).max(40).default([]),
	forbidden_topics: z.array(line(100)).max(40).default([]),
	/** Sites it may send links to, beside those its other settings name; a document vouches for none. */
	sites: z.array(line(100)).max(20).default([]),
	tools: z
		.array(z.enum(TOOLS))
		.default(['hand_over'])
		.refine((tools) => new Set(tools).size === tools.length, 'each tool once'),
	/** The tenant's own, given where `http` is among the tools. */
	http_tools: z
		.array(HttpTool)
		.max(10)
		.default([])
		.refine(
			(own) => new Set([...TOOLS, ...own.map(({ name }) => name)]).size === TOOLS.length + own.length,
			'each name once'
		),
	temperature: z.number().min(0).max(2).default(0.2),
	max_output_tokens: z.int().min(16).max(8_000).default(600),
	timeout_seconds: z.int().min(2).max(120).default(20),
	/** Said where no answer came in time. */
	fallback: line(600).default('Um momento, vou chamar alguém da equipe para ajudar você.'),
	/** How long to wait for a customer to finish a burst of messages. */
	gather_seconds: z.int().min(0).max(60).default(4),
	budget: z
		.strictObject({
			daily_usd: z.number().positive().max(100_000).nullable().default(5),
			monthly_usd: z.number().positive().max(1_000_000).nullable().default(50),
			answers_per_hour: z.int().min(1).max(100_000).default(600)
		})
		.prefault({}),
	hand_over: z
		.strictObject({
			on_request: z.boolean().default(true),
			on_negative_sentiment: z.boolean().default(true),
			/** After so many answers without a person. */
			after_answers: z.int().min(1).max(100).default(12),
			below_confidence: z.number().min(0).max(1).default(0.4)
		})
		.prefault({})
});
export type AgentConfig = z.infer<typeof AgentConfig>;

/** What a settings form may send: everything that has a default may be left out. */
export type AgentConfigInput = z.input<typeof AgentConfig>;
