import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

export const strategies = ['manual', 'round_robin', 'least_busy'] as const;
export type Strategy = (typeof strategies)[number];

const names = { manual: m.strategy_manual, round_robin: m.strategy_round_robin, least_busy: m.strategy_least_busy };
const texts = {
	manual: m.strategy_manual_text,
	round_robin: m.strategy_round_robin_text,
	least_busy: m.strategy_least_busy_text
};

const known = (text: string): Strategy => strategies.find((strategy) => strategy === text) ?? 'manual';

/** What a strategy is called, and what it does. */
export const strategyName = (strategy: string): string => names[known(strategy)]();
export const strategyText = (strategy: string): string => texts[known(strategy)]();

/** Languages customers write in, as far as they are offered. */
export const languages = ['pt', 'en', 'es', 'fr', 'it', 'de', 'ja', 'zh'];

/** A language's own name in ours: `pt` is `português`. */
export function languageName(code: string): string {
	return new Intl.DisplayNames([getLocale()], { type: 'language' }).of(code) ?? code;
}

/** What a tag or a language asks for. */
export const rules = ['ignore', 'prefer', 'require'] as const;
export const ruleOptions = () => [
	{ value: 'ignore', label: m.rule_ignore() },
	{ value: 'prefer', label: m.rule_prefer() },
	{ value: 'require', label: m.rule_require() }
];
