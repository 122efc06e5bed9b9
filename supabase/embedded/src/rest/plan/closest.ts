/** The name most like `wanted`, when one is near enough to be what was meant. */
export function closest(wanted: string, names: string[]): string | undefined {
	let best: string | undefined;
	let bestScore = 0.33;
	for (const name of names) {
		const score = similarity(wanted, name);
		if (score > bestScore) [best, bestScore] = [name, score];
	}
	return best;
}

/** Share of common trigrams, as pg_trgm counts them. */
function similarity(a: string, b: string): number {
	const [first, second] = [trigrams(a), trigrams(b)];
	const common = [...first].filter((one) => second.has(one)).length;
	return common / (first.size + second.size - common);
}

function trigrams(text: string): Set<string> {
	const padded = `  ${text.toLowerCase()} `;
	return new Set(Array.from({ length: padded.length - 2 }, (_, i) => padded.slice(i, i + 3)));
}
