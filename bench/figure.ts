/** One measured thing beside its lower limit in the same run. */
export interface Figure {
	name: string;
	value: number;
	unit: '/s' | 'ms' | '%' | 'MB' | 'frames' | 'shift';
	/** What the README promises: at least, for rates; at most, for times. */
	target?: number;
	/** The same work with nothing of ours around it. */
	limit?: { name: string; value: number };
	note?: string;
}

const met = ({ unit, value, target }: Figure) =>
	target === undefined || (unit === '/s' ? value >= target : value <= target);

const round = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));

/** A line for machines. */
export function toJson(figure: Figure): string {
	const { limit } = figure;
	return JSON.stringify({
		...figure,
		value: round(figure.value),
		...(limit && {
			limit: { ...limit, value: round(limit.value) },
			ratio: Number((figure.value / limit.value).toPrecision(3))
		}),
		met: met(figure)
	});
}

/** A table for people, in Markdown, so that it can stand in the README as it is. */
export function toTable(figures: Figure[]): string {
	const rows = figures.map((figure) => [
		figure.name,
		`${round(figure.value)} ${figure.unit}`,
		figure.target === undefined
			? ''
			: `${figure.unit === '/s' ? '≥' : '≤'} ${figure.target} ${met(figure) ? '✓' : '✗'}`,
		figure.limit ? `${round(figure.limit.value)} ${figure.unit} (${figure.limit.name})` : ''
	]);
	return [['what', 'measured', 'target', 'lower limit, same run'], ['---', '---', '---', '---'], ...rows]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

/** The value below which a share of the samples lies; `samples` in any order. */
export function percentile(samples: number[], share: number): number {
	const sorted = samples.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
