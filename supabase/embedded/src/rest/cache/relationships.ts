import type { Catalogue, ForeignKeyRow, FunctionRow } from './catalogue.ts';
import type { Relation } from './schema_cache.ts';
import type { ViewColumn } from './view_columns.ts';

export interface KeyRelationship {
	kind: 'many-to-one' | 'one-to-many' | 'one-to-one';
	source: Relation;
	target: Relation;
	constraint: string;
	/** Pairs of a column here and the column there it equals. */
	columns: [source: string, target: string][];
	self: boolean;
}

export interface JunctionRelationship {
	kind: 'many-to-many';
	source: Relation;
	target: Relation;
	junction: Relation;
	constraints: [source: string, target: string];
	/** Pairs of a column here and one of the junction, and of the junction and there. */
	sourceColumns: [source: string, junction: string][];
	targetColumns: [junction: string, target: string][];
	self: boolean;
}

/** A function that takes a row of `source` and returns rows of `target`. */
export interface ComputedRelationship {
	kind: 'computed';
	source: Relation;
	target: Relation;
	schema: string;
	name: string;
	toOne: boolean;
}

export type Relationship = KeyRelationship | JunctionRelationship | ComputedRelationship;

export function isToOne(relationship: Relationship): boolean {
	if (relationship.kind === 'computed') return relationship.toOne;
	return relationship.kind === 'many-to-one' || relationship.kind === 'one-to-one';
}

/** All relationships by the relation they start from. Views take over the keys of the tables they show. */
export function findRelationships(
	catalogue: Catalogue,
	relations: Map<number, Relation>,
	views: Map<number, ViewColumn[]>
): Map<Relation, Relationship[]> {
	const result = new Map<Relation, Relationship[]>();
	const add = (relationship: Relationship) => {
		const list = result.get(relationship.source);
		if (list) list.push(relationship);
		else result.set(relationship.source, [relationship]);
	};

	const shown = viewsByTable(views);
	const keys = catalogue.foreign_keys.flatMap((key) => keyRelationships(key, relations, shown));
	for (const key of keys) {
		add(key);
		add(inverse(key));
	}
	for (const relationship of junctions(keys)) add(relationship);
	for (const row of catalogue.functions) for (const relationship of computed(row, relations)) add(relationship);
	return result;
}

/** A place where all columns of a key can be seen: its own table, or a view of it. */
interface KeyPlace {
	relation: Relation;
	columns: string[];
}

type ShownColumns = Map<number, { view: number; columns: ViewColumn[] }[]>;

function viewsByTable(views: Map<number, ViewColumn[]>): ShownColumns {
	const result: ShownColumns = new Map();
	for (const [view, columns] of views) {
		for (const table of new Set(columns.map(({ sourceRelation }) => sourceRelation))) {
			const list = result.get(table) ?? [];
			list.push({ view, columns: columns.filter(({ sourceRelation }) => sourceRelation === table) });
			result.set(table, list);
		}
	}
	return result;
}

function places(table: number, columns: number[], relations: Map<number, Relation>, shown: ShownColumns): KeyPlace[] {
	const result: KeyPlace[] = [];
	const own = relations.get(table);
	if (own) result.push({ relation: own, columns: columns.map((number) => own.columnName(number)) });
	for (const { view, columns: visible } of shown.get(table) ?? []) {
		const relation = relations.get(view);
		if (!relation) continue;
		const choices = columns.map((column) => visible.filter(({ sourceColumn }) => sourceColumn === column));
		for (const choice of combinations(choices))
			result.push({ relation, columns: choice.map(({ number }) => relation.columnName(number)) });
	}
	return result;
}

/** A view may show a column twice: every way to see the key counts. */
function combinations<T>(choices: T[][]): T[][] {
	return choices.reduce<T[][]>((ways, choice) => ways.flatMap((way) => choice.map((one) => [...way, one])), [[]]);
}

function keyRelationships(
	key: ForeignKeyRow,
	relations: Map<number, Relation>,
	shown: ShownColumns
): KeyRelationship[] {
	const table = relations.get(key.table);
	const unique = table?.uniqueKeys.some((numbers) => sameSet(numbers, key.columns)) ?? false;
	const result: KeyRelationship[] = [];
	for (const from of places(key.table, key.columns, relations, shown)) {
		for (const to of places(key.target, key.target_columns, relations, shown)) {
			result.push({
				kind: unique ? 'one-to-one' : 'many-to-one',
				source: from.relation,
				target: to.relation,
				constraint: key.name,
				columns: from.columns.map((column, i) => [column, to.columns[i] ?? '']),
				self: from.relation === to.relation
			});
		}
	}
	return result;
}

function sameSet(a: number[], b: number[]): boolean {
	return a.length === b.length && a.every((one) => b.includes(one));
}

function inverse(key: KeyRelationship): KeyRelationship {
	return {
		...key,
		kind: key.kind === 'one-to-one' ? 'one-to-one' : 'one-to-many',
		source: key.target,
		target: key.source,
		columns: key.columns.map(([source, target]) => [target, source])
	};
}

/** Two keys of one table whose columns are all part of its primary key make it a junction. */
function junctions(keys: KeyRelationship[]): JunctionRelationship[] {
	const byTable = Map.groupBy(
		keys.filter(({ kind, source }) => kind === 'many-to-one' && source.primaryKey.length > 0),
		({ source }) => source
	);
	const result: JunctionRelationship[] = [];
	for (const [junction, list] of byTable) {
		const within = (key: KeyRelationship) => key.columns.every(([column]) => junction.primaryKey.includes(column));
		for (const one of list.filter(within)) {
			for (const other of list.filter(within)) {
				if (one.constraint === other.constraint) continue;
				result.push({
					kind: 'many-to-many',
					source: one.target,
					target: other.target,
					junction,
					constraints: [one.constraint, other.constraint],
					sourceColumns: one.columns.map(([column, target]) => [target, column]),
					targetColumns: other.columns,
					self: one.target === other.target
				});
			}
		}
	}
	return result;
}

function computed(row: FunctionRow, relations: Map<number, Relation>): ComputedRelationship[] {
	const [param, ...others] = row.params;
	const source = param?.relation ? relations.get(param.relation) : undefined;
	const target = row.return_relation ? relations.get(row.return_relation) : undefined;
	if (!source || !target || others.length > 0) return [];
	const toOne = row.returns_one || !row.returns_set;
	return [{ kind: 'computed', source, target, schema: row.schema, name: row.name, toOne }];
}
