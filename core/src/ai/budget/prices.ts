/**
 * What a million tokens cost in US dollars, as published by the provider on the day the line begins to hold. A tenant's
 * own price (another provider, a contract) stands before these; a model without a price has none, rather than a guess.
 */
export interface Price {
	model: string;
	/** The first day, YYYY-MM-DD. */
	since: string;
	input: number;
	/** For the part of the input that the provider had kept. */
	cached: number;
	output: number;
}

const price = (model: string, since: string, input: number, cached: number, output: number): Price => ({
	model,
	since,
	input,
	cached,
	output
});

/**
 * OpenAI's, as https://developers.openai.com/api/docs/models/<model> publishes them: gpt-5-nano was read there in November
 * 2026, the others in copies of the list (Vercel's gateway, GitHub's docs). The embeddings' stand in third parties' rate
 * cards alone. Prices change without us: what a tenant entered stands before all of these.
 */
export const PRICES: readonly Price[] = [
	price('gpt-4o-mini', '2024-07-18', 0.15, 0.075, 0.6),
	price('gpt-4o', '2024-10-01', 2.5, 1.25, 10),
	price('gpt-4.1', '2025-04-14', 2, 0.5, 8),
	price('gpt-4.1-mini', '2025-04-14', 0.4, 0.1, 1.6),
	price('gpt-4.1-nano', '2025-04-14', 0.1, 0.025, 0.4),
	price('gpt-5', '2025-08-07', 1.25, 0.125, 10),
	price('gpt-5-mini', '2025-08-07', 0.25, 0.025, 2),
	price('gpt-5-nano', '2025-08-07', 0.05, 0.005, 0.4),
	price('text-embedding-3-small', '2024-01-25', 0.02, 0.02, 0),
	price('text-embedding-3-large', '2024-01-25', 0.13, 0.13, 0),
	price('prosa-simulator', '2024-01-01', 0, 0, 0),
	price('prosa-simulator-mini', '2024-01-01', 0, 0, 0),
	price('prosa-simulator-embedding', '2024-01-01', 0, 0, 0)
];

/** The price of a model on a day; a dated name (`gpt-4o-2024-11-20`) has its model's. Null where there is none. */
export function priceOf(model: string, day: string, own: readonly Price[] = []): Price | null {
	const names = [model, model.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
	for (const list of [own, PRICES]) {
		for (const name of names) {
			const holding = list.filter((one) => one.model === name && one.since <= day);
			const newest = holding.sort((a, b) => (a.since < b.since ? 1 : -1))[0];
			if (newest) return newest;
		}
	}
	return null;
}
