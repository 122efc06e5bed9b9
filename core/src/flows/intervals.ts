/** A share with the span in which the true one lies, 19 times out of 20. */
export interface Share {
	share: number;
	low: number;
	high: number;
}

/** The normal distribution's 97.5 % point. */
const Z = 1.959964;

/**
 * Wilson's score interval for `hits` of `of`, which holds for few cases and for shares near 0 and 1, where the textbook's
 * does not (Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3). Null: nothing has happened yet.
 */
export function wilson(hits: number, of: number): Share | null {
	if (!(of > 0) || hits < 0 || hits > of) return null;
	const share = hits / of;
	const square = Z * Z;
	const middle = 2 * hits + square;
	const spread = Z * Math.sqrt(square + 4 * hits * (1 - share));
	const whole = 2 * (of + square);
	return {
		share,
		low: hits === 0 ? 0 : Math.max(0, (middle - spread) / whole),
		high: hits === of ? 1 : Math.min(1, (middle + spread) / whole)
	};
}

/**
 * How far one share lies above another, with Newcombe's hybrid score interval (1998, Statistics in Medicine 17:873, method
 * 10). Where it holds 0, chance alone may have made the difference. Null: one of them has not happened yet.
 */
export function difference(one: { hits: number; of: number }, other: { hits: number; of: number }): Share | null {
	const [a, b] = [wilson(one.hits, one.of), wilson(other.hits, other.of)];
	if (!a || !b) return null;
	const share = a.share - b.share;
	return {
		share,
		low: share - Math.hypot(a.share - a.low, b.high - b.share),
		high: share + Math.hypot(a.high - a.share, b.share - b.low)
	};
}
