import type { Catalogue, ColumnRow, FunctionRow, RelationRow } from './catalogue.ts';
import { findRelationships, type Relationship } from './relationships.ts';
import { traceViews, type ViewColumn } from './view_columns.ts';

/** A table or view. */
export interface Relation extends Omit<RelationRow, 'columns' | 'primary_key' | 'unique_keys'> {
	columns: Map<string, ColumnRow>;
	primaryKey: string[];
	uniqueKeys: number[][];
	isView: boolean;
	columnName(number: number): string;
}

/** What the database looks like, as of the last reload. */
export interface SchemaCache {
	relation(schema: string, name: string): Relation | undefined;
	relationByOid(oid: number): Relation | undefined;
	relationsOf(schema: string): Relation[];
	relationships(from: Relation): Relationship[];
	/** All functions of a name. */
	functions(schema: string, name: string): FunctionRow[];
	functionsOf(schema: string): FunctionRow[];
	/** Settings that go with a role, such as its statement_timeout. */
	roleSettings(role: string): Record<string, string>;
}

export function buildSchemaCache(catalogue: Catalogue): SchemaCache {
	const views = traceViews(catalogue.views);
	const byOid = new Map(catalogue.relations.map((row) => [row.oid, buildRelation(row)]));
	for (const [view, columns] of views) inheritPrimaryKey(byOid, view, columns);

	const key = (schema: string, name: string) => `${schema}\0${name}`;
	const byName = new Map([...byOid.values()].map((relation) => [key(relation.schema, relation.name), relation]));
	const relationships = findRelationships(catalogue, byOid, views);
	const functions = Map.groupBy(catalogue.functions, ({ schema, name }) => key(schema, name));

	return {
		relation: (schema, name) => byName.get(key(schema, name)),
		relationByOid: (oid) => byOid.get(oid),
		relationsOf: (schema) => [...byOid.values()].filter((relation) => relation.schema === schema),
		relationships: (from) => relationships.get(from) ?? [],
		functions: (schema, name) => functions.get(key(schema, name)) ?? [],
		functionsOf: (schema) => catalogue.functions.filter((row) => row.schema === schema),
		roleSettings: (role) => catalogue.role_settings[role] ?? {}
	};
}

function buildRelation({ columns, primary_key, unique_keys, ...row }: RelationRow): Relation {
	const names = new Map(columns.map(({ number, name }) => [number, name]));
	const columnName = (number: number) => names.get(number) ?? '';
	return {
		...row,
		columns: new Map(columns.map((column) => [column.name, column])),
		primaryKey: primary_key.map(columnName),
		uniqueKeys: unique_keys,
		isView: row.kind === 'v' || row.kind === 'm',
		columnName
	};
}

/** A view that shows a table's whole primary key has it too. */
function inheritPrimaryKey(relations: Map<number, Relation>, view: number, columns: ViewColumn[]): void {
	const relation = relations.get(view);
	if (!relation) return;
	for (const table of new Set(columns.map(({ sourceRelation }) => sourceRelation))) {
		const source = relations.get(table);
		if (!source || source.primaryKey.length === 0) continue;
		const shown = source.primaryKey.map((name) =>
			columns.find(
				({ sourceRelation, sourceColumn }) => sourceRelation === table && source.columnName(sourceColumn) === name
			)
		);
		if (shown.every((column) => column !== undefined))
			relation.primaryKey.push(...shown.map(({ number }) => relation.columnName(number)));
	}
}
