import { z } from 'zod';
import { nanodollars, costOf, type Account, type Nanodollars, type Tokens } from './budget.ts';
import type { Price } from './prices.ts';

/** What `private.ai_accounts` gives: what was spent, what may be, and what a tenant pays for models. */
export const Accounts = z.object({
	day: z.string(),
	tenant_day: z.number(),
	tenant_month: z.number(),
	agent_day: z.number(),
	agent_month: z.number(),
	daily_limit: z.number().nullable(),
	monthly_limit: z.number().nullable(),
	prices: z.array(
		z.object({ model: z.string(), since: z.string(), input: z.number(), cached: z.number(), output: z.number() })
	),
	enabled: z.boolean()
});
export type Accounts = z.infer<typeof Accounts>;

/** The accounts that a call is charged to; an agent's own limits only where an agent asks. */
export function accountsOf(
	accounts: Accounts,
	agent?: { daily_usd: number | null; monthly_usd: number | null }
): Account[] {
	const account = (limit: number | null, spent: number): Account => ({ limit, spent, reserved: 0 });
	const own = (usd: number | null | undefined) => (usd == null ? null : nanodollars(usd));
	return [
		account(accounts.daily_limit, accounts.tenant_day),
		account(accounts.monthly_limit, accounts.tenant_month),
		account(own(agent?.daily_usd), accounts.agent_day),
		account(own(agent?.monthly_usd), accounts.agent_month)
	];
}

/** The most tokens that messages may come to: no tokenizer makes more of them than there are bytes. */
export const mostTokens = (messages: readonly unknown[], ...more: unknown[]): number =>
	new TextEncoder().encode(JSON.stringify([messages, ...more])).length + messages.length * 8;

/** What a call that ended came to, as `private.settle_ai_call` keeps it. Where nobody says how much, all of it counts. */
export function spentOn(usage: Tokens | null, price: Price | null, reserved: Nanodollars) {
	if (!usage) return { cost: null, spent: reserved };
	const cost = price && costOf(usage, price);
	return {
		input_tokens: usage.input,
		cached_tokens: usage.cached ?? 0,
		output_tokens: usage.output,
		cost,
		spent: cost ?? 0
	};
}
