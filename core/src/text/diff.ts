/** A stretch of two texts: in both, only in the earlier one, or only in the later one. */
export interface Stretch {
	kind: 'same' | 'gone' | 'new';
	text: string;
}

/** Words, the blanks between them, and marks each by itself, so that a comma is not a changed word. */
const pieces = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\{\{[^{}\n]*\}\}|\s+|[^\s]/gu) ?? [];

/** Beyond this many pairs the texts are compared as wholes: a canned response has 4,096 letters at most. */
const mostPairs = 4_000_000;

/** What became of a text, word by word, by the longest sequence that both have in common. */
export function differences(before: string, after: string): Stretch[] {
	const [a, b] = [pieces(before), pieces(after)];
	let from = 0;
	while (from < a.length && from < b.length && a[from] === b[from]) from += 1;
	let tail = 0;
	while (tail < a.length - from && tail < b.length - from && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
	const [left, right] = [a.slice(from, a.length - tail), b.slice(from, b.length - tail)];
	return joined([
		...a.slice(0, from).map((text): Stretch => ({ kind: 'same', text })),
		...between(left, right),
		...a.slice(a.length - tail).map((text): Stretch => ({ kind: 'same', text }))
	]);
}

function between(left: string[], right: string[]): Stretch[] {
	const gone = (text: string): Stretch => ({ kind: 'gone', text });
	const fresh = (text: string): Stretch => ({ kind: 'new', text });
	if (left.length * right.length > mostPairs) return [...left.map(gone), ...right.map(fresh)];
	// lengths[i][j]: what left from i on and right from j on have in common.
	const width = right.length + 1;
	const lengths = new Uint16Array((left.length + 1) * width);
	const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
	for (let i = left.length - 1; i >= 0; i -= 1) {
		for (let j = right.length - 1; j >= 0; j -= 1) {
			lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const out: Stretch[] = [];
	let [i, j] = [0, 0];
	while (i < left.length || j < right.length) {
		const [one, other] = [left[i], right[j]];
		if (one !== undefined && one === other) {
			out.push({ kind: 'same', text: one });
			i += 1;
			j += 1;
		} else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
			out.push(gone(one));
			i += 1;
		} else {
			out.push(fresh(other ?? ''));
			j += 1;
		}
	}
	return out;
}

function joined(stretches: Stretch[]): Stretch[] {
	const out: Stretch[] = [];
	for (const { kind, text } of stretches) {
		const last = out.at(-1);
		if (last?.kind === kind) last.text += text;
		else out.push({ kind, text });
	}
	return out;
}
