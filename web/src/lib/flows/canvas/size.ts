import { branchesOf } from '@prosa/core/flows/branches.ts';
import type { Flow } from '@prosa/core/flows/flow.ts';
import type { Node } from '@prosa/core/flows/nodes.ts';
import { summaryOf } from '../words.ts';
import type { Place } from './canvas.ts';

/* How large a block is drawn, known before it is: so a drawing stands where it belongs in its first frame. */

export const WIDTH = 248;
/** Where the way into a block ends, below its upper edge. */
export const WAY_IN = 22;
const HEAD = 42;
const LINE = 16;
const LINE_CHARS = 40;
const UNDER_SUMMARY = 8;
const WAY = 28;
const AROUND_WAYS = 9;
/** A line of figures under the summary, with what parts it. */
export const FIGURES = 29;

function topOf(node: Node): number {
	const summary = summaryOf(node);
	if (!summary) return HEAD;
	return HEAD + (summary.length > LINE_CHARS || summary.includes('\n') ? 2 : 1) * LINE + UNDER_SUMMARY;
}

/** A block's height, with as many lines of figures. */
export function heightOf(node: Node, figures = 0): number {
	const ways = branchesOf(node).length;
	return topOf(node) + figures * FIGURES + (ways > 0 ? ways * WAY + AROUND_WAYS : 0);
}

/** Where a way out leaves its block, below the upper edge; its middle for one that it does not have. */
export function wayOut(node: Node, branch: string, figures = 0): number {
	const at = branchesOf(node).findIndex(({ id }) => id === branch);
	if (at < 0) return heightOf(node, figures) / 2;
	return topOf(node) + figures * FIGURES + AROUND_WAYS / 2 + (at + 0.5) * WAY;
}

/** What a drawing covers. */
export function boundsOf(flow: Flow): Place & { width: number; height: number } {
	let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const node of flow.nodes) {
		const { x, y } = node.position;
		left = Math.min(left, x);
		top = Math.min(top, y);
		right = Math.max(right, x + WIDTH);
		bottom = Math.max(bottom, y + heightOf(node));
	}
	return flow.nodes.length === 0
		? { x: 0, y: 0, width: WIDTH, height: HEAD }
		: { x: left, y: top, width: right - left, height: bottom - top };
}
