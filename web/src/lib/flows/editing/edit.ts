import { branchesOf } from '@prosa/core/flows/branches.ts';
import type { Flow } from '@prosa/core/flows/flow.ts';
import { LIMITS } from '@prosa/core/flows/limits.ts';
import type { Node } from '@prosa/core/flows/nodes.ts';

/*
 * What an author does to a drawing. Each takes one and gives another, or the same where nothing changed: so undoing is
 * going back, and what is the same need not be drawn again.
 */

export function addNode(flow: Flow, node: Node): Flow {
	if (flow.nodes.length >= LIMITS.nodes || flow.nodes.some(({ id }) => id === node.id)) return flow;
	if (node.type === 'start' && flow.nodes.some(({ type }) => type === 'start')) return flow;
	return { ...flow, nodes: [...flow.nodes, node] };
}

/** Adds a block, led to by the first free way of another where there is one. */
export function addBehind(flow: Flow, node: Node, before: Node | null): Flow {
	const added = addNode(flow, node);
	if (added === flow || !before) return added;
	const free = freeWay(added, before);
	return free === null ? added : connect(added, before.id, free, node.id);
}

/** Leads a way to a block; what it led to before is let go. Nothing leads to the start, nor from a way that is not there. */
export function connect(flow: Flow, from: string, branch: string, to: string): Flow {
	const source = flow.nodes.find(({ id }) => id === from);
	const target = flow.nodes.find(({ id }) => id === to);
	if (!source || !target || target.type === 'start' || !branchesOf(source).some(({ id }) => id === branch)) return flow;
	if (flow.edges.some((edge) => edge.from === from && edge.branch === branch && edge.to === to)) return flow;
	const others = flow.edges.filter((edge) => edge.from !== from || edge.branch !== branch);
	return others.length >= LIMITS.edges ? flow : { ...flow, edges: [...others, { from, branch, to }] };
}

export function disconnect(flow: Flow, from: string, branch: string): Flow {
	const edges = flow.edges.filter((edge) => edge.from !== from || edge.branch !== branch);
	return edges.length === flow.edges.length ? flow : { ...flow, edges };
}

export function placeNodes(flow: Flow, places: ReadonlyMap<string, { x: number; y: number }>): Flow {
	let changed = false;
	const nodes = flow.nodes.map((node) => {
		const place = places.get(node.id);
		if (!place || (place.x === node.position.x && place.y === node.position.y)) return node;
		changed = true;
		return { ...node, position: { x: Math.round(place.x), y: Math.round(place.y) } };
	});
	return changed ? { ...flow, nodes } : flow;
}

export function moveNodes(flow: Flow, ids: ReadonlySet<string>, x: number, y: number): Flow {
	const moved = flow.nodes.filter(({ id }) => ids.has(id));
	return placeNodes(
		flow,
		new Map(moved.map(({ id, position }) => [id, { x: position.x + x, y: position.y + y }] as const))
	);
}

/** Takes blocks away, with their lines. The start stays. */
export function removeNodes(flow: Flow, ids: ReadonlySet<string>): Flow {
	const gone = new Set(flow.nodes.filter(({ id, type }) => ids.has(id) && type !== 'start').map(({ id }) => id));
	if (gone.size === 0) return flow;
	return {
		...flow,
		nodes: flow.nodes.filter(({ id }) => !gone.has(id)),
		edges: flow.edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to))
	};
}

/** Puts a changed block in its own place. Lines of ways that it no longer has go with them. */
export function changeNode(flow: Flow, node: Node): Flow {
	const before = flow.nodes.find(({ id }) => id === node.id);
	if (!before || before === node) return flow;
	const ways = new Set(branchesOf(node).map(({ id }) => id));
	return {
		...flow,
		nodes: flow.nodes.map((one) => (one === before ? node : one)),
		edges: flow.edges.filter(({ from, branch }) => from !== node.id || ways.has(branch))
	};
}

export const renameNode = (flow: Flow, id: string, name: string): Flow => {
	const node = flow.nodes.find((one) => one.id === id);
	return !node || node.name === name ? flow : changeNode(flow, { ...node, name: name.slice(0, 200) });
};

/** A place beside what is there, where a block that nobody placed by hand covers no other. */
export function freePlace(flow: Flow, near: { x: number; y: number }): { x: number; y: number } {
	const { x } = near;
	let { y } = near;
	const taken = () =>
		flow.nodes.some(({ position }) => Math.abs(position.x - x) < 200 && Math.abs(position.y - y) < 90);
	while (taken()) y += 110;
	return { x, y };
}

/** The first way out of a block that leads nowhere yet; null where all of them lead somewhere. */
export function freeWay(flow: Flow, node: Node): string | null {
	const led = new Set(flow.edges.filter(({ from }) => from === node.id).map(({ branch }) => branch));
	return branchesOf(node).find(({ id }) => !led.has(id))?.id ?? null;
}
