/** Meta's names for how many people a portfolio may write to in 24 hours. */
const TIERS: Record<string, number> = {
	TIER_50: 50,
	TIER_250: 250,
	TIER_1K: 1_000,
	TIER_2K: 2_000,
	TIER_10K: 10_000,
	TIER_100K: 100_000
};

/** How many people that is; null for a tier without end. */
export const peopleIn = (tier: string): number | null => TIERS[tier] ?? null;
