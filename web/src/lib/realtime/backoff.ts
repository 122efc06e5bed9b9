const firstMs = 400;
const mostMs = 5_000;

/**
 * How long to wait before trying a lost channel again: doubling, at most five seconds, and never two browsers in step.
 * `random` is between 0 and 1.
 */
export function backoff(attempt: number, random: number = Math.random()): number {
	const ceiling = Math.min(mostMs, firstMs * 2 ** attempt);
	return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
