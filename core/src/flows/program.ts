import type { Flow } from './flow.ts';
import type { Node } from './nodes.ts';

/** A version made ready to run. Made once and shared: nothing in it changes. */
export interface Compiled {
	readonly start: string;
	readonly nodes: ReadonlyMap<string, Node>;
	/** Where each way leads: node, then branch. */
	readonly ways: ReadonlyMap<string, ReadonlyMap<string, string>>;
	readonly variables: Flow['variables'];
	readonly types: ReadonlyMap<string, Flow['variables'][number]['type']>;
}

/** All that a run may come through: its own flow and those it calls, each in the version that the run has pinned. */
export interface Program {
	/** The flow that it begins in. */
	readonly root: string;
	readonly flows: ReadonlyMap<string, Compiled>;
}

export function compile(flow: Flow): Compiled {
	const ways = new Map<string, Map<string, string>>();
	for (const { from, branch, to } of flow.edges) {
		const of = ways.get(from) ?? new Map<string, string>();
		of.set(branch, to);
		ways.set(from, of);
	}
	return {
		start: flow.nodes.find(({ type }) => type === 'start')?.id ?? '',
		nodes: new Map(flow.nodes.map((node) => [node.id, node])),
		ways,
		variables: flow.variables,
		types: new Map(flow.variables.map(({ name, type }) => [name, type]))
	};
}
