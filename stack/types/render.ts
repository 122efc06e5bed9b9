import type { Catalogue, Column, Relation, Routine, TypeName } from './catalogue.ts';

const BASE: Record<string, string> = {
	bool: 'boolean',
	int2: 'number',
	int4: 'number',
	int8: 'number',
	float4: 'number',
	float8: 'number',
	numeric: 'number',
	json: 'Json',
	jsonb: 'Json',
	void: 'undefined',
	record: 'Record<string, unknown>'
};

/**
 * The `Database` type that supabase-js is given. `supabase gen types` makes the same but needs Docker for a database
 * that is not hosted. Two differences: partitions are left out, and an argument may be null, as Postgres has it.
 */
export function renderTypes({ relations, routines, enums }: Catalogue): string {
	const tables = relations.filter(({ writable }) => writable);
	const views = relations.filter(({ writable }) => !writable);
	const byName = new Map(Map.groupBy(routines, ({ name }) => name));
	return `// Made by "npm run db:types" from sql/. Do not edit.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
	public: {
		Tables: ${record(tables.map((table) => [table.name, renderTable(table)]))};
		Views: ${record(views.map((view) => [view.name, renderView(view)]))};
		Functions: ${record([...byName].map(([name, versions]) => [name, versions.map(renderRoutine).join(' | ')]))};
		Enums: ${record(enums.map(({ name, values }) => [name, values.map(quote).join(' | ')]))};
		CompositeTypes: ${record([])};
	};
};

type Public = Database['public'];

export type Tables<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Row'];
export type TablesInsert<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Insert'];
export type TablesUpdate<Name extends keyof Public['Tables']> = Public['Tables'][Name]['Update'];
export type Enums<Name extends keyof Public['Enums']> = Public['Enums'][Name];
`;
}

function renderTable({ columns, relationships }: Relation): string {
	const writable = columns.filter(({ generated }) => !generated);
	return record([
		['Row', renderRow(columns)],
		[
			'Insert',
			record(writable.map((column) => [optional(column.name, column.nullable || column.hasDefault), nullable(column)]))
		],
		['Update', record(writable.map((column) => [optional(column.name, true), nullable(column)]))],
		['Relationships', renderRelationships(relationships)]
	]);
}

function renderView({ columns, relationships }: Relation): string {
	return record([
		['Row', renderRow(columns)],
		['Relationships', renderRelationships(relationships)]
	]);
}

function renderRow(columns: Column[]): string {
	return record(columns.map((column) => [column.name, nullable(column)]));
}

function renderRelationships(relationships: Relation['relationships']): string {
	const rows = relationships.map((relationship) =>
		record([
			['foreignKeyName', quote(relationship.foreignKeyName)],
			['columns', `[${relationship.columns.map(quote).join(', ')}]`],
			['isOneToOne', String(relationship.isOneToOne)],
			['referencedRelation', quote(relationship.referencedRelation)],
			['referencedColumns', `[${relationship.referencedColumns.map(quote).join(', ')}]`]
		])
	);
	return `[${rows.join(', ')}]`;
}

function renderRoutine({ args, table, returns, set }: Routine): string {
	const row = table.length > 0 ? record(table.map(({ name, type }) => [name, typeName(type)])) : typeName(returns);
	const given = args.map(({ name, type, hasDefault }): [string, string] => [
		optional(name, hasDefault),
		`${typeName(type)} | null`
	]);
	return record([
		['Args', given.length > 0 ? record(given) : 'Record<PropertyKey, never>'],
		['Returns', set ? `${wrap(row)}[]` : row]
	]);
}

function nullable({ type, nullable }: Column): string {
	return nullable ? `${typeName(type)} | null` : typeName(type);
}

function typeName(type: TypeName): string {
	const name = elementName(type);
	return type.array ? `${wrap(name)}[]` : name;
}

function elementName({ schema, name, kind }: TypeName): string {
	if (kind === 'e' && schema === 'public') return `Database['public']['Enums'][${quote(name)}]`;
	if (kind === 'c' && schema === 'public') return `Database['public']['Tables'][${quote(name)}]['Row']`;
	return BASE[name] ?? (kind === 'c' ? 'unknown' : 'string');
}

function wrap(type: string): string {
	return /^[\w'[\]{]/.test(type) && !type.includes(' | ') ? type : `(${type})`;
}

function record(entries: [name: string, type: string][]): string {
	if (entries.length === 0) return 'Record<never, never>';
	return `{ ${entries.map(([name, type]) => `${name}: ${type};`).join(' ')} }`;
}

function optional(name: string, is: boolean): string {
	return is ? `${name}?` : name;
}

function quote(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
