import type { RecordedRun, RunOutcome } from './record.ts';
import { ENDINGS, pathOf, type Passing, type Replayed, type ReplayEnding } from './replay.ts';

/** How a conversation came out in life; null: a person had it from the first word. */
export function livedEnding(run: RecordedRun | null): ReplayEnding | null {
	return run && ENDING_OF[run.outcome];
}

const ENDING_OF: Record<RunOutcome, ReplayEnding> = {
	completed: 'completed',
	handed_over: 'handed_over',
	failed: 'failed',
	taken_over: 'left',
	stopped: 'left',
	closed: 'left'
};

/** One conversation before and after. */
export interface Compared {
	changed: boolean;
	guessed: boolean;
	before: ReplayEnding | null;
	after: ReplayEnding;
	before_path: Passing[];
	after_path: Passing[];
	before_said: number;
	after_said: number;
}

export function compare(run: RecordedRun | null, before_said: number, after: Replayed): Compared {
	const before = livedEnding(run);
	const before_path = pathOf(run?.steps ?? []);
	return {
		changed: before !== after.ending || partsAt(before_path, after.path) !== null,
		guessed: after.guessed,
		before,
		after: after.ending,
		before_path,
		after_path: after.path,
		before_said,
		after_said: after.said
	};
}

/** From where on two paths are not the same; null: they are. */
export function partsAt(one: readonly Passing[], other: readonly Passing[]): number | null {
	const place = one.findIndex((passing, index) => !isSame(passing, other[index]));
	if (place >= 0) return place;
	return other.length > one.length ? one.length : null;
}

const isSame = (one: Passing, other: Passing | undefined): boolean =>
	one.flow === other?.flow && one.node === other.node && one.branch === other.branch;

type Count = Record<ReplayEnding | 'answered', number>;

export interface NodeCount {
	before: number;
	after: number;
	left_before: number;
	left_after: number;
}

/** What a replay comes to. */
export interface Tally {
	conversations: number;
	changed: number;
	/** Of those that no bot had in life, how many it would have had. */
	taken: number;
	guessed: number;
	before: Count;
	after: Count;
	/** By the nodes of the flow itself. */
	nodes: Record<string, NodeCount>;
}

export function tally(flow: string, compared: Iterable<Compared>): Tally {
	const sum: Tally = { conversations: 0, changed: 0, taken: 0, guessed: 0, before: none(), after: none(), nodes: {} };
	const nodes = new Map<string, NodeCount>();
	for (const one of compared) {
		sum.conversations++;
		if (one.changed) sum.changed++;
		if (one.before === null) sum.taken++;
		if (one.guessed) sum.guessed++;
		if (one.before !== null) sum.before[one.before]++;
		sum.after[one.after]++;
		if (one.before_said > 0) sum.before.answered++;
		if (one.after_said > 0) sum.after.answered++;
		count(nodes, flow, one.before_path, one.before, 'before');
		count(nodes, flow, one.after_path, one.after, 'after');
	}
	sum.nodes = Object.fromEntries(nodes);
	return sum;
}

const none = (): Count => Object.fromEntries(['answered', ...ENDINGS].map((key) => [key, 0])) as Count;

function count(
	nodes: Map<string, NodeCount>,
	flow: string,
	path: readonly Passing[],
	ending: ReplayEnding | null,
	side: 'before' | 'after'
): void {
	const at = (node: string) => {
		const known = nodes.get(node) ?? { before: 0, after: 0, left_before: 0, left_after: 0 };
		nodes.set(node, known);
		return known;
	};
	for (const node of new Set(path.filter((one) => one.flow === flow).map((one) => one.node))) at(node)[side]++;
	const last = path.at(-1);
	if (last?.flow === flow && (ending === 'left' || ending === 'unknown')) at(last.node)[`left_${side}`]++;
}
