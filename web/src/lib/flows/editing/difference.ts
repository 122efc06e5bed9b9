import type { Flow } from '@prosa/core/flows/flow.ts';
import type { Node } from '@prosa/core/flows/nodes.ts';

/** What changed from one drawing to another. Where a block stands on the canvas is no change of what it does. */
export interface Difference {
	added: Node[];
	removed: Node[];
	changed: { before: Node; after: Node }[];
	/** Lines that are new, gone or lead elsewhere. */
	lines: number;
	variables: boolean;
}

export function differenceOf(before: Flow, after: Flow): Difference {
	const old = new Map(before.nodes.map((node) => [node.id, node]));
	const kept = new Set(after.nodes.map(({ id }) => id));
	const lines = (flow: Flow) => new Set(flow.edges.map(({ from, branch, to }) => `${from} ${branch} ${to}`));
	const [were, are] = [lines(before), lines(after)];
	return {
		added: after.nodes.filter(({ id }) => !old.has(id)),
		removed: before.nodes.filter(({ id }) => !kept.has(id)),
		changed: after.nodes.flatMap((node) => {
			const was = old.get(node.id);
			return was && meaning(was) !== meaning(node) ? [{ before: was, after: node }] : [];
		}),
		lines: were.symmetricDifference(are).size,
		variables: canonical(before.variables) !== canonical(after.variables)
	};
}

export const isSame = ({ added, removed, changed, lines, variables }: Difference): boolean =>
	added.length + removed.length + changed.length + lines === 0 && !variables;

const meaning = ({ position: _, ...node }: Node): string => canonical(node);

/** The database keeps no order of keys. */
const canonical = (value: unknown): string =>
	JSON.stringify(value, (_key, item: unknown) =>
		typeof item === 'object' && item !== null && !Array.isArray(item)
			? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
			: item
	);
