import { z } from 'zod';
import { branchesOf } from './branches.ts';
import { LIMITS } from './limits.ts';
import { Id, Node } from './nodes.ts';
import { isName, VARIABLE_TYPES } from './variables.ts';

const Variable = z.strictObject({
	name: z.string().refine(isName, 'variable_name'),
	type: z.enum(VARIABLE_TYPES),
	initial: z.union([z.string().max(LIMITS.text), z.number(), z.boolean(), z.null()]).default(null)
});

const Edge = z.strictObject({ from: Id, branch: z.string().min(1).max(40), to: Id });

/** One version of a flow, as it is drawn, exported and run. */
export const Flow = z.strictObject({
	/** The format; a later one is read by a later Prosa. */
	format: z.literal(1),
	variables: z.array(Variable).max(LIMITS.variables).default([]),
	nodes: z.array(Node).min(1).max(LIMITS.nodes),
	edges: z.array(Edge).max(LIMITS.edges)
});
export type Flow = z.infer<typeof Flow>;
export type Edge = Flow['edges'][number];

/** What makes a text no flow, and where in it. */
export interface Fault {
	/** `nodes[3].options[0].label`; empty: the whole. */
	path: string;
	code: string;
	/** The id of the node that it stands in, where it has one. */
	node: string | null;
}

export type Parsed = { flow: Flow; faults: null } | { flow: null; faults: Fault[] };

/** Reads a flow from what somebody imports, saves or stored: a JSON text, or the value of one. */
export function parseFlow(given: unknown): Parsed {
	let json = given;
	if (typeof given === 'string') {
		if (given.length > LIMITS.json) return refused('', 'too_large');
		try {
			json = JSON.parse(given);
		} catch (error) {
			const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
			return refused(at === undefined ? '' : `@${at}`, 'not_json');
		}
	}
	const hostile = hostility(json, '', { left: LIMITS.json / 10 }, 0);
	if (hostile) return { flow: null, faults: [{ ...hostile, node: nodeAt(json, hostile.path) }] };

	const read = Flow.safeParse(json);
	if (!read.success) {
		const faults = read.error.issues.slice(0, 50).map((issue): Fault => {
			const path = pathOf(issue.path);
			const named = issue.code === 'unrecognized_keys' ? pathOf([...issue.path, issue.keys[0] ?? '']) : path;
			return { path: named, code: issue.code === 'custom' ? issue.message : issue.code, node: nodeAt(json, path) };
		});
		return { flow: null, faults };
	}
	const faults = structure(read.data);
	return faults.length > 0 ? { flow: null, faults } : { flow: read.data, faults: null };
}

const refused = (path: string, code: string): Parsed => ({ flow: null, faults: [{ path, code, node: null }] });

/** Names that reach into JavaScript, characters that no database keeps, and depths and crowds without end. */
function hostility(value: unknown, path: string, room: { left: number }, depth: number): Omit<Fault, 'node'> | null {
	if (--room.left < 0) return { path, code: 'too_large' };
	if (depth > LIMITS.depth) return { path, code: 'too_deep' };
	if (typeof value === 'string')
		return value.includes('\0') || !value.isWellFormed() ? { path, code: 'characters_invalid' } : null;
	if (typeof value === 'number') return Number.isFinite(value) ? null : { path, code: 'not_json' };
	if (typeof value !== 'object' || value === null) return null;
	if (Array.isArray(value)) {
		for (let index = 0; index < value.length; index++) {
			const found = hostility(value[index], `${path}[${index}]`, room, depth + 1);
			if (found) return found;
		}
		return null;
	}
	for (const key of Object.keys(value)) {
		const at = path === '' ? key : `${path}.${key}`;
		if (key === '__proto__' || key === 'constructor' || key === 'prototype') return { path: at, code: 'key_forbidden' };
		if (key.includes('\0') || !key.isWellFormed()) return { path, code: 'characters_invalid' };
		const found = hostility((value as Record<string, unknown>)[key], at, room, depth + 1);
		if (found) return found;
	}
	return null;
}

/** What no schema says: ids are once, also those of the ways out of a node, edges lead from somewhere to somewhere, and there is one start. */
function structure(flow: Flow): Fault[] {
	const faults: Fault[] = [];
	const ids = new Set<string>();
	flow.nodes.forEach((node, index) => {
		const { id } = node;
		if (ids.has(id)) faults.push({ path: `nodes[${index}].id`, code: 'id_repeated', node: id });
		ids.add(id);
		const branches = branchesOf(node).map((branch) => branch.id);
		if (new Set(branches).size < branches.length)
			faults.push({ path: `nodes[${index}]`, code: 'branch_repeated', node: id });
	});
	const starts = flow.nodes.filter(({ type }) => type === 'start').length;
	if (starts !== 1) faults.push({ path: 'nodes', code: starts === 0 ? 'start_missing' : 'start_repeated', node: null });
	const names = new Set<string>();
	flow.variables.forEach(({ name }, index) => {
		if (names.has(name)) faults.push({ path: `variables[${index}].name`, code: 'variable_repeated', node: null });
		names.add(name);
	});
	const ways = new Set<string>();
	flow.edges.forEach(({ from, branch, to }, index) => {
		const path = `edges[${index}]`;
		if (!ids.has(from)) faults.push({ path: `${path}.from`, code: 'node_unknown', node: null });
		if (!ids.has(to)) faults.push({ path: `${path}.to`, code: 'node_unknown', node: null });
		const way = `${from} ${branch}`;
		if (ways.has(way)) faults.push({ path, code: 'edge_repeated', node: from });
		ways.add(way);
	});
	return faults;
}

function pathOf(parts: readonly PropertyKey[]): string {
	return parts.reduce<string>(
		(path, part) =>
			typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`,
		''
	);
}

/** The id of the node that a path leads into. */
function nodeAt(json: unknown, path: string): string | null {
	const index = /^nodes\[(\d+)\]/.exec(path)?.[1];
	if (index === undefined || typeof json !== 'object' || json === null || !('nodes' in json)) return null;
	const node: unknown = Array.isArray(json.nodes) ? json.nodes[Number(index)] : null;
	return typeof node === 'object' && node !== null && 'id' in node && typeof node.id === 'string' ? node.id : null;
}
