import { parseFlow, type Flow } from '@prosa/core/flows/flow.ts';
import { NODE_TYPES } from '@prosa/core/flows/nodes.ts';
import { checkFlow } from '@prosa/core/flows/check.ts';
import { describe, expect, it } from 'vitest';
import { copyOf, duplicate, exported, paste } from './clipboard.ts';
import { differenceOf, isSame } from './difference.ts';
import { addNode, changeNode, connect, disconnect, freePlace, moveNodes, removeNodes, renameNode } from './edit.ts';
import { freshNode } from './fresh.ts';
import { begin, change, DEPTH, redo, undo } from './history.ts';
import { laidOut } from './layout.ts';

function drawn(): Flow {
	const { flow, faults } = parseFlow({
		format: 1,
		variables: [{ name: 'nome', type: 'text' }],
		nodes: [
			{ id: 's', type: 'start' },
			{ id: 'm', type: 'message', text: 'Olá', position: { x: 300, y: 0 } },
			{
				id: 'b',
				type: 'buttons',
				text: 'Escolha',
				options: [
					{ id: 'sim', label: 'Sim' },
					{ id: 'nao', label: 'Não' }
				],
				position: { x: 600, y: 0 }
			},
			{ id: 'e', type: 'end', position: { x: 900, y: 0 } }
		],
		edges: [
			{ from: 's', branch: 'next', to: 'm' },
			{ from: 'm', branch: 'next', to: 'b' },
			{ from: 'b', branch: 'sim', to: 'e' },
			{ from: 'b', branch: 'nao', to: 'm' }
		]
	});
	if (!flow) throw new Error(JSON.stringify(faults));
	return flow;
}

describe('drawing', () => {
	it('makes every kind of block so that it can be saved', () => {
		for (const type of NODE_TYPES) {
			const node = freshNode(
				type,
				{ x: 1, y: 2 },
				{ flowId: '11111111-1111-4111-8111-111111111111', template: { name: 'oi', language: 'pt_BR' } }
			);
			expect(node, type).not.toBeNull();
			const flow = type === 'start' ? { ...drawn(), nodes: [node!], edges: [] } : addNode(drawn(), node!);
			expect(parseFlow(exported(flow)).faults, type).toBeNull();
		}
		expect(freshNode('flow', { x: 0, y: 0 })).toBeNull();
	});

	it('has one start, which stays', () => {
		const flow = drawn();
		expect(addNode(flow, freshNode('start', { x: 0, y: 0 })!)).toBe(flow);
		expect(removeNodes(flow, new Set(['s']))).toBe(flow);
		expect(copyOf(flow, new Set(['s']))).toBeNull();
	});

	it('leads a way to one block at a time, and never to the start', () => {
		const flow = connect(drawn(), 'b', 'sim', 'm');
		expect(flow.edges.filter(({ from, branch }) => from === 'b' && branch === 'sim')).toEqual([
			{ from: 'b', branch: 'sim', to: 'm' }
		]);
		expect(connect(flow, 'b', 'sim', 'm')).toBe(flow);
		expect(connect(flow, 'b', 'sim', 's')).toBe(flow);
		expect(connect(flow, 'b', 'talvez', 'e')).toBe(flow);
		expect(disconnect(flow, 'b', 'sim').edges).toHaveLength(3);
	});

	it('takes the lines of what is taken away', () => {
		expect(removeNodes(drawn(), new Set(['b'])).edges).toEqual([{ from: 's', branch: 'next', to: 'm' }]);
		const flow = drawn();
		const buttons = flow.nodes[2]!;
		if (buttons.type !== 'buttons') throw new Error(buttons.type);
		const fewer = changeNode(flow, { ...buttons, options: buttons.options.slice(0, 1) });
		expect(fewer.edges.some(({ branch }) => branch === 'nao')).toBe(false);
		expect(checkFlow(fewer).filter(({ code }) => code === 'branch_unknown')).toEqual([]);
	});

	it('moves, names and finds room', () => {
		const flow = moveNodes(drawn(), new Set(['m', 'e']), 10, -20);
		expect(flow.nodes.map(({ position }) => position)).toEqual([
			{ x: 0, y: 0 },
			{ x: 310, y: -20 },
			{ x: 600, y: 0 },
			{ x: 910, y: -20 }
		]);
		expect(renameNode(flow, 'm', 'Boas-vindas').nodes[1]!.name).toBe('Boas-vindas');
		expect(freePlace(flow, { x: 300, y: 0 })).toEqual({ x: 300, y: 110 });
	});
});

describe('copying', () => {
	it('gives copies ids of their own and keeps the lines between them', () => {
		let count = 0;
		const flow = drawn();
		const pasted = paste(flow, copyOf(flow, new Set(['m', 'b']))!, () => `n${++count}`);
		expect([...(pasted.flow ? pasted.ids : [])]).toEqual(['n1', 'n2']);
		expect(pasted.flow?.edges.slice(4)).toEqual([
			{ from: 'n1', branch: 'next', to: 'n2' },
			{ from: 'n2', branch: 'nao', to: 'n1' }
		]);
		expect(parseFlow(JSON.stringify(pasted.flow)).faults).toBeNull();
		expect(duplicate(flow, new Set(['s']))).toBeNull();
	});

	it('refuses what is no flow, with the place', () => {
		expect(paste(drawn(), '{"format":1').faults).toMatchObject([{ code: 'not_json' }]);
		expect(
			paste(drawn(), '{"format":1,"nodes":[{"id":"s","type":"start","__proto__":{"x":1}}],"edges":[]}').faults
		).toMatchObject([{ path: 'nodes[0].__proto__', code: 'key_forbidden' }]);
		const many = { ...drawn(), nodes: [drawn().nodes[0]!, ...crowd(498)], edges: [] };
		expect(paste(many, JSON.stringify(drawn())).faults).toMatchObject([{ path: 'nodes', code: 'too_many' }]);
	});

	it('comes out of a file as it went in', () => {
		expect(parseFlow(exported(drawn())).flow).toEqual(drawn());
	});
});

const crowd = (count: number) =>
	Array.from({ length: count }, (_, index) => freshNode('end', { x: 0, y: 0 }, {}, `c${index}`)!);

describe('taking back', () => {
	it('goes back and forth, and forgets what a new change replaced', () => {
		const third = change(change(begin('a'), 'b'), 'c');
		expect(undo(third).now).toBe('b');
		expect(undo(undo(undo(third))).now).toBe('a');
		expect(redo(undo(third)).now).toBe('c');
		expect(redo(change(undo(third), 'd')).now).toBe('d');
		expect(change(third, 'c')).toBe(third);
	});

	it('takes the letters of a word back at once', () => {
		const written = ['o', 'oi'].reduce((history, text) => change(history, text, 'text'), begin(''));
		expect(undo(written).now).toBe('');
		expect(undo(change(written, 'x', 'other')).now).toBe('oi');
	});

	it('remembers so much and no more', () => {
		let history = begin(0);
		for (let count = 1; count <= DEPTH + 50; count++) history = change(history, count);
		expect(history.before).toHaveLength(DEPTH);
		expect(history.before[0]).toBe(50);
	});
});

describe('comparing', () => {
	it('tells what was added, taken and changed, not what was only moved', () => {
		const before = drawn();
		expect(isSame(differenceOf(before, moveNodes(before, new Set(['m']), 5, 5)))).toBe(true);
		const shuffled = JSON.parse(JSON.stringify(before, null, 1)) as Flow;
		shuffled.nodes = shuffled.nodes.map((node) => Object.fromEntries(Object.entries(node).reverse()) as typeof node);
		expect(isSame(differenceOf(before, shuffled))).toBe(true);
		const after = addNode(removeNodes(renameNode(before, 'm', 'Nova'), new Set(['e'])), crowd(1)[0]!);
		const { added, removed, changed, lines } = differenceOf(before, after);
		expect([added, removed, changed].map(({ length }) => length)).toEqual([1, 1, 1]);
		expect(lines).toBe(1);
	});
});

it('lays blocks out from left to right, none over another', async () => {
	const flow = await laidOut({
		...drawn(),
		nodes: drawn().nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } }))
	});
	const xs = ['s', 'm', 'b', 'e'].map((id) => flow.nodes.find((node) => node.id === id)!.position.x);
	expect(xs).toEqual([...xs].sort((one, other) => one - other));
	expect(new Set(xs).size).toBe(4);
});
