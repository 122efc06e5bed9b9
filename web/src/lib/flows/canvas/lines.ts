import type { Flow } from '@prosa/core/flows/flow.ts';
import { getBezierPath, Position, type Node } from '@xyflow/svelte';
import { figuresOf, type Card } from './canvas.ts';
import { WAY_IN, wayOut, WIDTH } from './size.ts';

type CardNode = Node<Card, 'card'>;

/** Draws all lines as two texts. What stands still stays the same one, so that a drag draws only the lines that it moves. */
export function linesDrawer(): (nodes: readonly CardNode[], lines: Flow['edges']) => { still: string; moved: string } {
	const drawn = new Map<string, { from: CardNode; to: CardNode; path: string }>();

	function pathOf(id: string, branch: string, from: CardNode, to: CardNode): string {
		const known = drawn.get(id);
		if (known?.from === from && known.to === to) return known.path;
		const [path] = getBezierPath({
			sourceX: from.position.x + WIDTH,
			sourceY: from.position.y + wayOut(from.data.node, branch, figuresOf(from.data)),
			sourcePosition: Position.Right,
			targetX: to.position.x,
			targetY: to.position.y + WAY_IN,
			targetPosition: Position.Left
		});
		drawn.set(id, { from, to, path });
		return path;
	}

	return (nodes, lines) => {
		const named = new Map(nodes.map((node) => [node.id, node]));
		const still: string[] = [];
		const moved: string[] = [];
		for (const { from, branch, to } of lines) {
			const [source, target] = [named.get(from), named.get(to)];
			if (!source || !target) continue;
			const moves = Boolean(source.dragging) || Boolean(target.dragging);
			(moves ? moved : still).push(pathOf(`${from} ${branch}`, branch, source, target));
		}
		return { still: still.join(''), moved: moved.join('') };
	};
}
