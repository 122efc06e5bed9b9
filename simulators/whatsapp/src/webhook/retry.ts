/** How Meta tries again: soon at first, then less and less often, until it gives up. */
export interface RetryPlan {
	firstMs: number;
	factor: number;
	longestMs: number;
	giveUpAfterMs: number;
}

/** Meta goes on for up to seven days; the pace is ours, short enough that a restarted door catches up while one looks. */
export const metaRetry: RetryPlan = {
	firstMs: 1_000,
	factor: 2,
	longestMs: 30_000,
	giveUpAfterMs: 7 * 24 * 60 * 60 * 1000
};

/** The wait before the next attempt, or null when it is given up. */
export function nextRetry(plan: RetryPlan, attempts: number, ageMs: number): number | null {
	if (ageMs >= plan.giveUpAfterMs) return null;
	return Math.min(plan.longestMs, plan.firstMs * plan.factor ** (attempts - 1));
}
