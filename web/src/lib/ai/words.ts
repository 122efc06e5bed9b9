import type { AgentConfig } from '@prosa/core/ai/agent.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** Billionths of a dollar, as they are paid: in dollars. */
export function dollars(billionths: number | null): string {
	if (billionths === null) return m.ai_cost_unknown();
	const amount = billionths / 1e9;
	return new Intl.NumberFormat(getLocale(), {
		style: 'currency',
		currency: 'USD',
		maximumFractionDigits: amount === 0 || amount >= 1 ? 2 : 4
	}).format(amount);
}

export const number = (value: number): string => new Intl.NumberFormat(getLocale()).format(value);

export const tones: Record<AgentConfig['tone'], () => string> = {
	friendly: m.ai_tone_friendly,
	formal: m.ai_tone_formal,
	brief: m.ai_tone_brief,
	playful: m.ai_tone_playful
};

export const languages: Record<AgentConfig['languages'][number], () => string> = {
	'pt-BR': m.ai_language_pt,
	en: m.ai_language_en,
	es: m.ai_language_es
};

/** The tools that a worker has today, with what each lets an agent do. */
export const tools = {
	hand_over: [m.ai_tool_hand_over, m.ai_tool_hand_over_text],
	knowledge_search: [m.ai_tool_knowledge, m.ai_tool_knowledge_text],
	contact_lookup: [m.ai_tool_lookup, m.ai_tool_lookup_text],
	contact_update: [m.ai_tool_update, m.ai_tool_update_text],
	tag: [m.ai_tool_tag, m.ai_tool_tag_text],
	remember: [m.ai_tool_remember, m.ai_tool_remember_text],
	flow_start: [m.ai_tool_flow, m.ai_tool_flow_text],
	lead: [m.ai_tool_lead, m.ai_tool_lead_text],
	sgp_customer: [m.ai_tool_sgp_customer, m.ai_tool_sgp_customer_text],
	sgp_invoices: [m.ai_tool_sgp_invoices, m.ai_tool_sgp_invoices_text],
	sgp_connection: [m.ai_tool_sgp_connection, m.ai_tool_sgp_connection_text],
	sgp_unblock: [m.ai_tool_sgp_unblock, m.ai_tool_sgp_unblock_text],
	http: [m.ai_tool_http, m.ai_tool_http_text]
} as const;
export type ToolName = keyof typeof tools;
export const isTool = (name: string): name is ToolName => Object.hasOwn(tools, name);
export const toolName = (name: string): string => (isTool(name) ? tools[name][0]() : name);

export const sentiments: Record<string, () => string> = {
	negative: m.ai_negative,
	neutral: m.ai_neutral,
	positive: m.ai_positive
};
export const urgencies: Record<string, () => string> = { low: m.ai_low, normal: m.ai_normal, high: m.ai_high };
export const outcomes: Record<string, () => string> = {
	answered: m.ai_outcome_answered,
	handed_over: m.ai_outcome_handed_over,
	flow_started: m.ai_outcome_flow
};

/** The integration that a tool needs. */
export const moduleOf = (tool: ToolName): 'sgp' | 'http' | null =>
	tool === 'http' ? 'http' : tool.startsWith('sgp_') ? 'sgp' : null;
