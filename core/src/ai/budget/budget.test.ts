import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allow, costOf, nanodollars, type Account } from './budget.ts';
import { priceOf, PRICES } from './prices.ts';

const mini = priceOf('gpt-4o-mini', '2026-01-01');

test('a million tokens cost what the list says', () => {
	for (const price of PRICES) {
		expect(costOf({ input: 1_000_000, output: 0 }, price)).toBe(nanodollars(price.input));
		expect(costOf({ input: 1_000_000, cached: 1_000_000, output: 0 }, price)).toBe(nanodollars(price.cached));
		expect(costOf({ input: 0, output: 1_000_000 }, price)).toBe(nanodollars(price.output));
	}
});

test('a day has the price that held on it, a tenant’s own before the list’s', () => {
	expect(priceOf('gpt-4o-mini', '2024-07-17')).toBeNull();
	expect(priceOf('gpt-4o-mini-2024-07-18', '2024-07-18')?.output).toBe(0.6);
	expect(priceOf('llama', '2026-01-01')).toBeNull();
	const own = [
		{ model: 'gpt-4o', since: '2026-01-01', input: 1, cached: 1, output: 4 },
		{ model: 'gpt-4o', since: '2026-06-01', input: 2, cached: 1, output: 5 }
	];
	expect(priceOf('gpt-4o', '2025-12-31', own)?.output).toBe(10);
	expect(priceOf('gpt-4o', '2026-05-31', own)?.output).toBe(4);
	expect(priceOf('gpt-4o', '2026-06-01', own)?.output).toBe(5);
});

test('whatever is called and however much comes back, no account is overdrawn, and what fits is let through', () => {
	const call = fc.record({
		input: fc.nat(5_000),
		max_output_tokens: fc.integer({ min: 16, max: 4_000 }),
		used: fc.double({ min: 0, max: 1, noNaN: true })
	});
	fc.assert(
		fc.property(fc.nat(20_000_000), fc.array(call, { maxLength: 60 }), (limit, calls) => {
			const account: Account = { limit, spent: 0, reserved: 0 };
			const open: { reserve: number; cost: number }[] = [];
			for (const [index, { used, ...one }] of calls.entries()) {
				const left = limit - account.spent - account.reserved;
				const answer = allow([account, { limit: null, spent: 9e12, reserved: 0 }], mini, one);
				if (!mini) throw new Error('no price');
				const full = costOf({ input: one.input, output: one.max_output_tokens }, mini);
				if (full <= left)
					expect(answer).toEqual({ allowed: true, reserve: full, max_output_tokens: one.max_output_tokens });
				if (answer.allowed) {
					expect(answer.reserve).toBeLessThanOrEqual(left);
					account.reserved += answer.reserve;
					const output = Math.floor(answer.max_output_tokens * used);
					open.push({ reserve: answer.reserve, cost: costOf({ input: one.input, output }, mini) });
				}
				if (index % 3 === 0) {
					const done = open.shift();
					if (done) {
						account.reserved -= done.reserve;
						account.spent += done.cost;
					}
				}
				expect(account.spent + account.reserved).toBeLessThanOrEqual(limit);
			}
		})
	);
});

test('near the end the answer gets shorter, then there is none', () => {
	const left = (dollars: number): Account => ({ limit: nanodollars(dollars), spent: 0, reserved: 0 });
	const call = { input: 1_000, max_output_tokens: 600 };
	expect(allow([left(1)], mini, call)).toMatchObject({ max_output_tokens: 600 });
	expect(allow([left(1), left(0.0003)], mini, call)).toMatchObject({ allowed: true, max_output_tokens: 250 });
	expect(allow([left(0.00015)], mini, call)).toEqual({ allowed: false, code: 'ai_budget_spent' });
});

test('a model without a price is not called on a limited budget, a free one is', () => {
	const empty: Account = { limit: 0, spent: 0, reserved: 0 };
	const call = { input: 10, max_output_tokens: 100 };
	expect(allow([empty], null, call)).toEqual({ allowed: false, code: 'ai_price_unknown' });
	expect(allow([{ ...empty, limit: null }], null, call)).toMatchObject({ allowed: true, reserve: 0 });
	expect(allow([empty], priceOf('prosa-simulator', '2026-01-01'), call)).toMatchObject({ allowed: true, reserve: 0 });
});
