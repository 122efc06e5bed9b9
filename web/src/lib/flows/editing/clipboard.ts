import { Flow, parseFlow, type Parsed } from '@prosa/core/flows/flow.ts';
import { LIMITS } from '@prosa/core/flows/limits.ts';
import type { Node } from '@prosa/core/flows/nodes.ts';
import { randomId, type MakeId } from './fresh.ts';

/** Where a copy lies beside what it was made of. */
const ASIDE = 40;

/** Blocks with the lines between them, as the clipboard keeps them: a flow's JSON, with a start so that it is one. */
export function copyOf(flow: Flow, ids: ReadonlySet<string>): string | null {
	const nodes = flow.nodes.filter(({ id, type }) => ids.has(id) && type !== 'start');
	if (nodes.length === 0) return null;
	const kept = new Set(nodes.map(({ id }) => id));
	const edges = flow.edges.filter(({ from, to }) => kept.has(from) && kept.has(to));
	const start = flow.nodes.find(({ type }) => type === 'start');
	const first = start && !kept.has(start.id) ? [start] : [];
	return JSON.stringify({ format: 1, variables: flow.variables, nodes: [...first, ...nodes], edges });
}

/** What pasting gives: the drawing with the copies in it, and their ids; or why the text holds no blocks. */
export type Pasted = { flow: Flow; ids: Set<string>; faults: null } | { flow: null; faults: Parsed['faults'] };

/** Puts blocks from a text into a drawing, under new ids. Variables that it does not know come along. */
export function paste(flow: Flow, text: string, makeId: MakeId = randomId): Pasted {
	const { flow: given, faults } = parseFlow(text);
	if (!given) return { flow: null, faults };
	const copied = given.nodes.filter(({ type }) => type !== 'start');
	if (flow.nodes.length + copied.length > LIMITS.nodes)
		return { flow: null, faults: [{ path: 'nodes', code: 'too_many', node: null }] };
	const ids = new Map(copied.map(({ id }) => [id, makeId()] as const));
	const known = new Set(flow.variables.map(({ name }) => name));
	const whole = {
		...flow,
		variables: [...flow.variables, ...given.variables.filter(({ name }) => !known.has(name))].slice(
			0,
			LIMITS.variables
		),
		nodes: [...flow.nodes, ...copied.map((node) => renewed(node, ids))],
		edges: [
			...flow.edges,
			...given.edges.flatMap(({ from, branch, to }) => {
				const [source, target] = [ids.get(from), ids.get(to)];
				return source && target ? [{ from: source, branch, to: target }] : [];
			})
		].slice(0, LIMITS.edges)
	};
	return { flow: whole, ids: new Set(ids.values()), faults: null };
}

/** Copies blocks in place, without the clipboard. */
export function duplicate(flow: Flow, chosen: ReadonlySet<string>, makeId: MakeId = randomId): Pasted | null {
	const text = copyOf(flow, chosen);
	return text === null ? null : paste(flow, text, makeId);
}

const renewed = (node: Node, ids: ReadonlyMap<string, string>): Node => ({
	...node,
	id: ids.get(node.id) ?? node.id,
	position: { x: node.position.x + ASIDE, y: node.position.y + ASIDE }
});

/** A drawing as a file holds it. */
export const exported = (flow: Flow): string => `${JSON.stringify(Flow.parse(flow), null, '\t')}\n`;
