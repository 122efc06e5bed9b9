import type { Flow } from '@prosa/core/flows/flow.ts';
import type { Node, NodeType } from '@prosa/core/flows/nodes.ts';
import type { Passed } from '../performance.ts';
import type { Drawer } from '../together/drawers.ts';
import type { Counted } from '../replaying/replays.ts';

/*
 * The seam between a flow and what draws it. Nothing outside this folder knows the library, so it can be another one.
 */

export interface Place {
	x: number;
	y: number;
}

/** A way out of a block, by the block and the way. */
export interface Way {
	from: string;
	branch: string;
}

/** What can be done to the view from outside. */
export interface View {
	fit: () => void;
	zoomIn: () => void;
	zoomOut: () => void;
	/** Brings a block into the middle. */
	show: (id: string) => void;
	/** The middle of what is seen. */
	middle: () => Place;
}

/** What is chosen on the canvas. */
export interface Chosen {
	nodes: ReadonlySet<string>;
	ways: readonly Way[];
}

export interface CanvasProps {
	flow: Flow;
	chosen: ReadonlySet<string>;
	/** The worst that is wrong with each block. */
	faults: ReadonlyMap<string, 'error' | 'warning'>;
	/** Where the simulator's run has been, and stands. */
	visited: ReadonlySet<string>;
	current: string | null;
	/** What runs came through each block; empty where nobody asked. */
	passed: ReadonlyMap<string, Passed>;
	/** What came through each block and what would have; empty where nobody asked. */
	replayed: ReadonlyMap<string, Counted>;
	/** Who else has chosen which block. */
	others: ReadonlyMap<string, readonly Drawer[]>;
	/** What there is room for, in pixels. */
	room: { width: number; height: number };
	readonly: boolean;
	onchoose: (chosen: Chosen) => void;
	onmove: (places: ReadonlyMap<string, Place>) => void;
	onconnect: (way: Way, to: string) => void;
	ondrop: (type: NodeType, place: Place) => void;
	onready: (view: View) => void;
}

/** What a card on the canvas is given. */
export interface Card extends Record<string, unknown> {
	node: Node;
	fault: 'error' | 'warning' | null;
	visited: boolean;
	current: boolean;
	passed: Passed | null;
	replayed: Counted | null;
	others: readonly Drawer[];
	/** The ways out that lead somewhere, so that the others can be told. */
	led: string;
}

/** How many lines of figures stand on a card. */
export const figuresOf = ({ passed, replayed }: Card): number => (passed ? 1 : 0) + (replayed ? 1 : 0);

/** What the palette gives to a drag. */
export const DRAGGED = 'application/x-prosa-block';
