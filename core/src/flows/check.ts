import { branchesOf } from './branches.ts';
import { checkNode } from './check_node.ts';
import type { Flow } from './flow.ts';
import type { Node } from './nodes.ts';
import { problem, type Problem } from './problems.ts';

/** What there is in the tenant; what is left out is not asked for. */
export interface Known {
	flows?: ReadonlySet<string>;
	teams?: ReadonlySet<string>;
	tags?: ReadonlySet<string>;
	/** Names of templates that may be sent. */
	templates?: ReadonlySet<string>;
	contactAttributes?: ReadonlySet<string>;
	conversationAttributes?: ReadonlySet<string>;
	tenantVariables?: ReadonlySet<string>;
	/** Integrations that are on, by their kind. */
	modules?: ReadonlySet<string>;
	/** HTTP connections, and whether they are on. */
	connections?: ReadonlyMap<string, boolean>;
	/** AI agents, and whether they answer anybody. */
	aiAgents?: ReadonlyMap<string, boolean>;
}

/** All that is wrong with a flow, in the order of its nodes: what the editor shows beside it. */
export function checkFlow(flow: Flow, known: Known = {}): Problem[] {
	const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
	const ways = new Map<string, Map<string, string>>();
	for (const { from, branch, to } of flow.edges) ways.set(from, (ways.get(from) ?? new Map()).set(branch, to));
	const reached = reachable(flow, ways);
	const endless = endlessNodes(nodes, ways);
	const declared = new Set(flow.variables.map(({ name }) => name));

	return flow.nodes.flatMap((node) => {
		const found: Problem[] = [];
		const out = ways.get(node.id);
		const branches = branchesOf(node);
		if (!reached.has(node.id)) found.push(problem('unreachable', node.id));
		for (const { id, required } of branches)
			if (required && !out?.has(id)) found.push(problem('branch_missing', node.id, nameOf(node, id)));
		for (const branch of out?.keys() ?? [])
			if (!branches.some(({ id }) => id === branch)) found.push(problem('branch_unknown', node.id, branch));
		for (const to of out?.values() ?? [])
			if (nodes.get(to)?.type === 'start') found.push(problem('into_start', node.id));
		if (endless.has(node.id)) found.push(problem('endless', node.id));
		found.push(...checkNode(node, { declared, known }));
		return found;
	});
}

/** Whether a flow may be published. */
export const isPublishable = (problems: readonly Problem[]): boolean =>
	problems.every(({ level }) => level !== 'error');

type Ways = ReadonlyMap<string, ReadonlyMap<string, string>>;

function reachable(flow: Flow, ways: Ways): Set<string> {
	const start = flow.nodes.find(({ type }) => type === 'start');
	const seen = new Set<string>();
	const next = start ? [start.id] : [];
	for (let id = next.pop(); id !== undefined; id = next.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		next.push(...(ways.get(id)?.values() ?? []));
	}
	return seen;
}

const WAITS = new Set<Node['type']>([
	'buttons',
	'list',
	'question',
	'csat',
	'wait',
	'http',
	'sgp',
	'ai',
	'handover',
	'end'
]);

/** What changes from turn to turn, so that a circle through it may end: a counter that a condition asks. */
const CHANGES = new Set<Node['type']>(['condition', 'split', 'flow']);

/** Nodes of circles in which nothing waits and nothing is decided. */
function endlessNodes(nodes: ReadonlyMap<string, Node>, ways: Ways): Set<string> {
	const found = new Set<string>();
	const done = new Set<string>();
	const stops = (id: string) => {
		const type = nodes.get(id)?.type;
		return type === undefined || WAITS.has(type) || CHANGES.has(type) || type === 'hours';
	};
	for (const first of nodes.keys()) {
		// All that is left has one way out: following it is enough.
		const path: string[] = [];
		const place = new Map<string, number>();
		let id: string | undefined = first;
		while (id !== undefined && !done.has(id) && !stops(id)) {
			const before = place.get(id);
			if (before !== undefined) {
				for (const member of path.slice(before)) found.add(member);
				break;
			}
			place.set(id, path.length);
			path.push(id);
			id = ways.get(id)?.get('next');
		}
		for (const member of path) done.add(member);
	}
	return found;
}

/** What a way is called on the canvas. */
function nameOf(node: Node, branch: string): string {
	switch (node.type) {
		case 'buttons':
			return node.options.find(({ id }) => id === branch)?.label ?? branch;
		case 'list':
			return node.sections.flatMap(({ options }) => options).find(({ id }) => id === branch)?.label ?? branch;
		case 'condition':
			return node.cases.find(({ id }) => id === branch)?.label || branch;
		case 'split':
			return node.variants.find(({ id }) => id === branch)?.label || branch;
		default:
			return branch;
	}
}
