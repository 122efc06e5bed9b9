import type { Price } from './prices.ts';

/** Billionths of a dollar, whole: sums of a million calls are exact, and nine million dollars still fit. */
export type Nanodollars = number;

export interface Tokens {
	input: number;
	/** Of the input, what the provider had kept. */
	cached?: number;
	output: number;
}

/** What tokens cost, rounded up: a budget is never better off by rounding. */
export function costOf({ input, cached = 0, output }: Tokens, price: Price): Nanodollars {
	const kept = Math.min(cached, input);
	const nano = (dollarsAMillion: number) => Math.round(dollarsAMillion * 1_000_000);
	// Millionths of a nanodollar a million tokens: whole numbers until the one division.
	const sum = (input - kept) * nano(price.input) + kept * nano(price.cached) + output * nano(price.output);
	return Math.ceil(sum / 1_000);
}

export const nanodollars = (dollars: number): Nanodollars => Math.round(dollars * 1e9);

/** A limit and what was spent of it, calls that are under way at their highest price included. */
export interface Account {
	limit: Nanodollars | null;
	spent: Nanodollars;
	reserved: Nanodollars;
}

export type Allowance =
	| { allowed: true; reserve: Nanodollars; max_output_tokens: number }
	| { allowed: false; code: 'ai_budget_spent' | 'ai_price_unknown' };

/** Fewer tokens than this make no answer. */
const LEAST_OUTPUT = 64;

/**
 * Whether a call may be made, and what to set aside for it: its input and the longest answer it may give. Near the end
 * of a budget the answer gets shorter; where not even a short one fits, nothing is called. So no account is ever
 * overdrawn, whatever the model does.
 */
export function allow(
	accounts: readonly Account[],
	price: Price | null,
	call: { input: number; max_output_tokens: number }
): Allowance {
	const limited = accounts.flatMap(({ limit, spent, reserved }) => (limit === null ? [] : [limit - spent - reserved]));
	if (!price) {
		return limited.length > 0
			? { allowed: false, code: 'ai_price_unknown' }
			: { allowed: true, reserve: 0, max_output_tokens: call.max_output_tokens };
	}
	const left = Math.min(...limited, Infinity);
	const least = Math.min(LEAST_OUTPUT, call.max_output_tokens);
	// A free model passes even an empty account.
	if (costOf({ input: call.input, output: least }, price) > left) return { allowed: false, code: 'ai_budget_spent' };
	let [low, high] = [least, call.max_output_tokens];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (costOf({ input: call.input, output: middle }, price) <= left) low = middle;
		else high = middle - 1;
	}
	return { allowed: true, reserve: costOf({ input: call.input, output: low }, price), max_output_tokens: low };
}
