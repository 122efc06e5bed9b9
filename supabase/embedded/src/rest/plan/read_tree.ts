import { RestError } from '../errors.ts';
import type { Relationship } from '../cache/relationships.ts';
import { isToOne } from '../cache/relationships.ts';
import type { Relation, SchemaCache } from '../cache/schema_cache.ts';
import type { Condition } from '../parse/filter.ts';
import type { OrderTerm } from '../parse/order.ts';
import type { Params } from '../parse/params.ts';
import type { SelectField, SelectItem } from '../parse/select.ts';
import { findRelationship } from './find_relationship.ts';

/** One level of a result: the root, or an embedded relation. */
export interface ReadNode {
	/** The relation it reads; undefined for what a function returns when that is no relation's row. */
	relation: Relation | undefined;
	/** How other parts of the statement call it. */
	alias: string;
	fields: SelectField[];
	children: EmbeddedNode[];
	conditions: Condition[];
	order: OrderTerm[];
	limit: number | undefined;
	offset: number;
}

export interface EmbeddedNode extends ReadNode {
	/** The name in the request, and the one in the answer. */
	name: string;
	alias: string;
	outputName: string;
	/** Name of the joined subquery. */
	joinAlias: string;
	relationship: Relationship;
	toOne: boolean;
	inner: boolean;
	spread: boolean;
}

export interface TreeOptions {
	/** Whether filters of the root apply to reading; a mutation has used them already. */
	rootConditions: boolean;
	/** Whether order and limits apply. */
	ranges: boolean;
	maxRows: number | undefined;
}

/** Joins what was asked (`params`) with what there is (`cache`). Throws PGRST108, PGRST118, PGRST123, PGRST200 or PGRST201. */
export function buildTree(
	cache: SchemaCache,
	relation: Relation | undefined,
	name: string,
	params: Params,
	options: TreeOptions
): ReadNode {
	const root = node(relation, name);
	addItems(cache, root, params.select, 0);

	for (const { path, what } of params.conditions) {
		const target = locate(root, path);
		if (target !== root || options.rootConditions) target.conditions.push(what);
	}
	if (options.ranges) {
		for (const { path, what } of params.orders) locate(root, path).order = what;
		for (const { path, what } of params.limits) locate(root, path).limit = what;
		for (const { path, what } of params.offsets) locate(root, path).offset = what;
		restrict(root, options.maxRows);
	}
	return root;
}

/** All levels below `node` whose join decides whether its row is there. */
export function innerChildren(node: ReadNode): EmbeddedNode[] {
	return node.children.filter(({ inner }) => inner);
}

function node(relation: Relation | undefined, alias: string): ReadNode {
	return { relation, alias, fields: [], children: [], conditions: [], order: [], limit: undefined, offset: 0 };
}

function addItems(cache: SchemaCache, parent: ReadNode, items: SelectItem[], depth: number): void {
	for (const item of items) {
		if (item.kind === 'field') {
			if (item.aggregate !== undefined)
				throw new RestError(400, 'PGRST123', 'Use of aggregate functions is not allowed');
			parent.fields.push(item);
			continue;
		}
		if (!parent.relation)
			throw new RestError(
				400,
				'PGRST200',
				`Could not find a relationship between '${parent.alias}' and '${item.name}' in the schema cache`
			);
		const relationship = findRelationship(cache, parent.relation, item.name, item.hint);
		const outputName = item.alias ?? item.name;
		const child: EmbeddedNode = {
			...node(relationship.target, `${relationship.target.name}_${depth + 1}`),
			name: item.name,
			outputName,
			joinAlias: `${parent.relation.name}_${outputName}_${depth + 1}`,
			relationship,
			toOne: isToOne(relationship),
			inner: item.join === 'inner',
			spread: item.spread
		};
		addItems(cache, child, item.select, depth + 1);
		parent.children.push(child);
	}
}

function locate(root: ReadNode, path: string[]): ReadNode {
	let current = root;
	for (const name of path) {
		const child: EmbeddedNode | undefined =
			current.children.find((one) => one.outputName === name) ?? current.children.find((one) => one.name === name);
		if (!child) throw notEmbedded(name);
		current = child;
	}
	return current;
}

export function notEmbedded(name: string): RestError {
	return new RestError(400, 'PGRST108', `'${name}' is not an embedded resource in this request`, {
		hint: `Verify that '${name}' is included in the 'select' query parameter.`
	});
}

function restrict(node: ReadNode, maxRows: number | undefined): void {
	if (maxRows !== undefined) node.limit = Math.min(node.limit ?? maxRows, maxRows);
	for (const child of node.children) restrict(child, maxRows);
}
