/** The 95 % quantile of a normal distribution, both sides. */
const z = 1.959964;

export interface Share {
	/** From 0 to 1; null of none. */
	rate: number | null;
	low: number;
	high: number;
}

/** A share and where it lies with 95 % certainty (Wilson 1927): right for small numbers too, never below 0 or above 1. */
export function share(count: number, of: number): Share {
	if (of <= 0) return { rate: null, low: 0, high: 1 };
	const rate = count / of;
	const scale = 1 + z ** 2 / of;
	const middle = (rate + z ** 2 / (2 * of)) / scale;
	const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / of + z ** 2 / (4 * of ** 2));
	return { rate, low: count === 0 ? 0 : middle - half, high: count === of ? 1 : middle + half };
}

/** The best of several, where its share is surely above every other's: the intervals don't touch. Null: not known yet. */
export function surelyBest(shares: readonly Share[]): number | null {
	const best = shares.findIndex(
		(one) => one.rate !== null && shares.every((other) => other === one || one.low > other.high)
	);
	return best === -1 || shares.length < 2 ? null : best;
}
