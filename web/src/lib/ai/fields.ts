import { m } from '#lib/paraglide/messages.js';

const names: Record<string, () => string> = {
	name: m.ai_name,
	model: m.ai_model,
	persona: m.ai_persona,
	tone: m.ai_tone,
	rules: m.ai_rules,
	languages: m.ai_languages,
	examples: m.ai_examples,
	topics: m.ai_topics,
	forbidden_topics: m.ai_forbidden,
	sites: m.ai_sites,
	tools: m.ai_tools,
	http_tools: m.ai_own_tools,
	max_output_tokens: m.ai_output,
	timeout_seconds: m.ai_timeout,
	fallback: m.ai_fallback,
	gather_seconds: m.ai_gather,
	'budget.daily_usd': m.ai_budget_day,
	'budget.monthly_usd': m.ai_budget_month,
	'budget.answers_per_hour': m.ai_per_hour,
	'hand_over.on_request': m.ai_over_request,
	'hand_over.on_negative_sentiment': m.ai_over_upset,
	'hand_over.after_answers': m.ai_over_after,
	'hand_over.below_confidence': m.ai_over_below
};

/** A setting of an agent as the form calls it. */
export const fieldName = (field: string): string => (names[field] ?? names[field.split('.')[0] ?? ''])?.() ?? field;
