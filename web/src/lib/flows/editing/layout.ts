import { branchesOf } from '@prosa/core/flows/branches.ts';
import type { Flow } from '@prosa/core/flows/flow.ts';
import { placeNodes } from './edit.ts';

/** How wide a block is drawn, and how high at the least; each way out adds a line. */
export const WIDTH = 248;
const HEAD = 76;
const WAY = 28;

/** Lays a drawing out from left to right, in the order in which it runs. What does that is fetched when it is asked for. */
export async function laidOut(flow: Flow): Promise<Flow> {
	const { Graph, layout } = await import('@dagrejs/dagre');
	const graph = new Graph().setGraph({ rankdir: 'LR', nodesep: 36, ranksep: 88, marginx: 24, marginy: 24 });
	graph.setDefaultEdgeLabel(() => ({}));
	for (const node of flow.nodes) graph.setNode(node.id, { width: WIDTH, height: HEAD + WAY * branchesOf(node).length });
	for (const { from, to } of flow.edges) graph.setEdge(from, to);
	layout(graph);
	return placeNodes(
		flow,
		new Map(
			flow.nodes.map(({ id }) => {
				// dagre gives the middle, the canvas wants the corner.
				const { x, y, width, height } = graph.node(id) as { x: number; y: number; width: number; height: number };
				return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }] as const;
			})
		)
	);
}
