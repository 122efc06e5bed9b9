import { RestError } from '../errors.ts';
import type { SelectField } from '../parse/select.ts';
import { identifier, qualified, type Values } from '../quoting.ts';
import { conditionsSql, fieldSql } from './conditions.ts';
import { innerChildren, notEmbedded, type EmbeddedNode, type ReadNode } from './read_tree.ts';

/**
 * The statement that reads a tree. `source` is what the root reads from: its table, or a CTE's name.
 * Each embedded relation is a lateral join: a row turned to JSON for the one, an aggregated array for the many.
 */
export function selectSql(root: ReadNode, source: string, values: Values): string {
	return levelSql(root, `from ${source} as ${identifier(root.alias)}`, [], values);
}

function levelSql(node: ReadNode, from: string, joinConditions: string[], values: Values): string {
	const columns = node.fields.map((field) => columnSql(node, field));
	const joins: string[] = [];
	for (const child of node.children) {
		joins.push(joinSql(node, child, values));
		columns.push(...embeddedColumns(child));
	}
	// arrays of a spread are there even when they are empty
	const exists = (child: EmbeddedNode) => (child.spread && !child.toOne ? existsSql(node, child, values) : undefined);
	const conditions = conditionsSql(node, values, exists);
	const where = [...joinConditions, ...(conditions ? [conditions] : [])];
	return [
		`select ${columns.length > 0 ? columns.join(', ') : ''}`,
		from,
		...joins,
		where.length > 0 ? `where ${where.join(' and ')}` : '',
		orderSql(node),
		rangeSql(node, values)
	]
		.filter(Boolean)
		.join(' ');
}

function columnSql(node: ReadNode, item: SelectField): string {
	const sql = fieldSql(node.relation, node.alias, item.field);
	const alias = outputName(item);
	const typed = item.cast === undefined ? sql : `cast(${sql} as ${item.cast})`;
	return item.field.name === '*' || alias === undefined ? typed : `${typed} as ${identifier(alias)}`;
}

/** The name a column gets in the answer, where it isn't simply its own: an alias, or the last key of a JSON path. */
function outputName({ alias, field, cast }: SelectField): string | undefined {
	if (alias !== undefined) return alias;
	if (field.path.length === 0) return cast === undefined ? undefined : field.name;
	const key = field.path.findLast((step) => typeof step.key === 'string')?.key;
	return typeof key === 'string' ? key : field.name;
}

function embeddedColumns(child: EmbeddedNode): string[] {
	const join = identifier(child.joinAlias);
	if (child.spread)
		return child.toOne
			? [`${join}.*`]
			: spreadNames(child).map((name) => `coalesce(${join}.${identifier(name)}, '[]') as ${identifier(name)}`);
	if (isEmpty(child)) return [];
	const name = identifier(child.outputName);
	return [child.toOne ? `row_to_json(${join}.*) as ${name}` : `coalesce(${join}.${join}, '[]') as ${name}`];
}

/** `select=*,rel()` joins without showing anything. */
function isEmpty(node: ReadNode): boolean {
	return node.fields.length === 0 && node.children.every((child) => !child.spread && isEmpty(child));
}

function joinSql(parent: ReadNode, child: EmbeddedNode, values: Values): string {
	const { from, conditions } = relationSource(parent, child);
	// an embed that shows nothing may still be what the parent is ordered by
	const orders = isEmpty(child) && parent.order.some(({ relation }) => relation === child.outputName);
	const shown = orders ? { ...child, fields: [{ kind: 'field' as const, field: { name: '*', path: [] } }] } : child;
	const rows = levelSql(shown, from, conditions, values);
	const join = identifier(child.joinAlias);
	const kind = child.inner ? 'inner' : 'left';
	if (child.toOne) return `${kind} join lateral (${rows}) as ${join} on true`;
	if (child.spread) {
		const arrays = spreadNames(child).map((name) => `json_agg(${join}.${identifier(name)}) as ${identifier(name)}`);
		const some = child.inner ? ' having count(*) > 0' : '';
		return `${kind} join lateral (select ${arrays.join(', ')} from (${rows}) as ${join}${some}) as ${join} on true`;
	}
	const on = child.inner ? `${join}.${join} is not null` : 'true';
	return `${kind} join lateral (select json_agg(${join}) as ${join} from (${rows}) as ${join}) as ${join} on ${on}`;
}

/** The names of the columns that a spread to-many relation gives, each an array in the answer. */
function spreadNames(child: ReadNode): string[] {
	const own = child.fields.flatMap((item) =>
		item.field.name === '*' ? [...(child.relation?.columns.keys() ?? [])] : [outputName(item) ?? item.field.name]
	);
	const nested = child.children.flatMap((one) =>
		one.spread ? spreadNames(one) : isEmpty(one) ? [] : [one.outputName]
	);
	return [...own, ...nested];
}

/** What an embedded level reads from, and what ties it to its parent's row. */
function relationSource(parent: ReadNode, child: EmbeddedNode): { from: string; conditions: string[] } {
	const { relationship } = child;
	const alias = identifier(child.alias);
	const above = identifier(parent.alias);
	const target = qualified(relationship.target.schema, relationship.target.name);
	if (relationship.kind === 'computed') {
		const row = `${above}::${qualified(relationship.source.schema, relationship.source.name)}`;
		return { from: `from ${qualified(relationship.schema, relationship.name)}(${row}) as ${alias}`, conditions: [] };
	}
	if (relationship.kind === 'many-to-many') {
		const junction = identifier(`${child.alias}_junction`);
		return {
			from: `from ${target} as ${alias}, ${qualified(relationship.junction.schema, relationship.junction.name)} as ${junction}`,
			conditions: [
				...relationship.targetColumns.map(
					([there, here]) => `${alias}.${identifier(here)} = ${junction}.${identifier(there)}`
				),
				...relationship.sourceColumns.map(
					([here, there]) => `${junction}.${identifier(there)} = ${above}.${identifier(here)}`
				)
			]
		};
	}
	return {
		from: `from ${target} as ${alias}`,
		conditions: relationship.columns.map(
			([here, there]) => `${alias}.${identifier(there)} = ${above}.${identifier(here)}`
		)
	};
}

function orderSql(node: ReadNode): string {
	if (node.order.length === 0) return '';
	const terms = node.order.map(({ relation, field, direction, nulls }) => {
		const sql =
			relation === undefined ? fieldSql(node.relation, node.alias, field) : relatedField(node, relation, field);
		return `${sql}${direction ? ` ${direction}` : ''}${nulls ? ` nulls ${nulls}` : ''}`;
	});
	return `order by ${terms.join(', ')}`;
}

function relatedField(node: ReadNode, name: string, field: SelectField['field']): string {
	const child = node.children.find(({ outputName }) => outputName === name);
	if (!child) throw notEmbedded(name);
	if (!child.toOne)
		throw new RestError(400, 'PGRST118', `A related order on '${name}' is not possible`, {
			details: `'${node.alias}' and '${name}' do not form a many-to-one or one-to-one relationship`
		});
	return fieldSql(child.relation, child.joinAlias, field);
}

function rangeSql(node: ReadNode, values: Values): string {
	const limit = node.limit === undefined ? '' : `limit ${values.bind(String(node.limit))}`;
	const offset = node.offset === 0 ? '' : `offset ${values.bind(String(node.offset))}`;
	return `${limit} ${offset}`.trim();
}

/**
 * The statement whose rows are all that the root's conditions leave, without limits. Inner joins count as conditions,
 * as `exists`, so that a to-many relation multiplies nothing.
 */
export function countSql(root: ReadNode, source: string, values: Values): string {
	return countLevel(root, `from ${source} as ${identifier(root.alias)}`, [], values);
}

function existsSql(parent: ReadNode, child: EmbeddedNode, values: Values): string {
	const { from, conditions } = relationSource(parent, child);
	return `exists (${countLevel(child, from, conditions, values)})`;
}

function countLevel(node: ReadNode, from: string, joinConditions: string[], values: Values): string {
	const exists = (child: EmbeddedNode) => existsSql(node, child, values);
	const conditions = conditionsSql(node, values, exists);
	const where = [...joinConditions, ...(conditions ? [conditions] : []), ...innerChildren(node).map(exists)];
	return `select 1 ${from}${where.length > 0 ? ` where ${where.join(' and ')}` : ''}`;
}
