import type { Relation } from '../cache/schema_cache.ts';
import { RestError } from '../errors.ts';
import type { Field } from '../parse/field.ts';
import { OPERATORS, TEXT_SEARCHES, type Condition, type Filter } from '../parse/filter.ts';
import { arrayText, identifier, literal, type Values } from '../quoting.ts';
import type { EmbeddedNode, ReadNode } from './read_tree.ts';

/** `"t"."data"->'a'->>0`. Types other than JSON are turned into it before a path goes in. */
export function fieldSql(relation: Relation | undefined, alias: string, field: Field): string {
	if (field.name === '*') return `${identifier(alias)}.*`;
	const column = `${identifier(alias)}.${identifier(field.name)}`;
	if (field.path.length === 0) return column;
	const type = relation?.columns.get(field.name)?.base_type;
	const json = type === 'json' || type === 'jsonb' ? column : `to_jsonb(${column})`;
	return json + field.path.map(({ text, key }) => (text ? '->>' : '->') + step(key)).join('');
}

function step(key: string | number): string {
	return typeof key === 'string' ? literal(key) : `(${key})`;
}

/** How to ask whether an embed has rows, where its join can't tell. */
type EmbedExists = (child: EmbeddedNode) => string | undefined;

/** The conditions of one level, joined by `and`; undefined when there are none. */
export function conditionsSql(node: ReadNode, values: Values, embedExists?: EmbedExists): string | undefined {
	if (node.conditions.length === 0) return undefined;
	return node.conditions.map((condition) => conditionSql(node, condition, values, embedExists)).join(' and ');
}

/**
 * One condition. `projects=is.null` on an embedded relation asks whether it is empty: of the join when rows are read,
 * or by `embedExists` where only the root is.
 */
function conditionSql(
	node: ReadNode,
	condition: Condition,
	values: Values,
	embedExists: EmbedExists | undefined
): string {
	if (condition.kind === 'logic') {
		const parts = condition.conditions.map((part) => conditionSql(node, part, values, embedExists));
		return `${condition.negated ? 'not ' : ''}(${parts.join(` ${condition.operator} `)})`;
	}
	const child =
		condition.field.path.length === 0
			? node.children.find(({ outputName }) => outputName === condition.field.name)
			: undefined;
	if (child && !node.relation?.columns.has(condition.field.name)) return embedSql(condition, child, embedExists);
	return filterSql(node.relation, node.alias, condition, values);
}

function embedSql(filter: Filter, child: EmbeddedNode, embedExists: EmbedExists | undefined): string {
	const { comparison } = filter;
	if (comparison.kind !== 'is' || (comparison.value !== 'null' && comparison.value !== 'not_null'))
		throw new RestError(400, 'PGRST120', `Bad operator on the '${child.outputName}' embedded resource`, {
			details: 'Only is null or not is null filters are allowed on embedded resources'
		});
	const present = filter.negated === (comparison.value === 'null');
	const exists = embedExists?.(child);
	if (exists !== undefined) return `${present ? '' : 'not '}${exists}`;
	return `${identifier(child.joinAlias)} is ${present ? '' : 'not '}distinct from null`;
}

function filterSql(relation: Relation | undefined, alias: string, filter: Filter, values: Values): string {
	const { comparison, negated } = filter;
	const field = fieldSql(relation, alias, filter.field);
	const not = negated ? 'not ' : '';
	switch (comparison.kind) {
		case 'is':
			return `${not}${field} is ${comparison.value.replace('_', ' ')}`;
		case 'in':
			return `${not}${field} = any (${values.bind(arrayText(comparison.values))})`;
		case 'search': {
			const language = () =>
				comparison.language === undefined ? '' : `${values.bind(comparison.language)}::regconfig, `;
			const isVector =
				filter.field.path.length === 0 && relation?.columns.get(filter.field.name)?.base_type === 'tsvector';
			const vector = isVector ? field : `to_tsvector(${language()}${field})`;
			return `${not}${vector} @@ ${TEXT_SEARCHES[comparison.search]}(${language()}${values.bind(comparison.value)})`;
		}
		case 'compare': {
			const { operator, quantifier } = comparison;
			const value =
				operator === 'like' || operator === 'ilike' ? comparison.value.replaceAll('*', '%') : comparison.value;
			const bound = values.bind(value);
			return `${not}${field} ${OPERATORS[operator]} ${quantifier ? `${quantifier} (${bound})` : bound}`;
		}
	}
}
