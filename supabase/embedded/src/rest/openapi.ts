import type { ColumnRow, FunctionRow } from './cache/catalogue.ts';
import type { Relation, SchemaCache } from './cache/schema_cache.ts';

/** What a role may do, by oid: `{ "16385": "SIUD" }` for relations, and the functions it may call. */
export interface Privileges {
	relations: Record<string, string>;
	functions: number[];
}

/** Reads the caller's privileges in the schema $1; runs under the caller's role. */
export const PRIVILEGES_SQL = `
select json_build_object(
  'relations', (
    select coalesce(json_object_agg(c.oid, concat(
      case when has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select') then 'S' end,
      case when has_table_privilege(c.oid, 'insert') or has_any_column_privilege(c.oid, 'insert') then 'I' end,
      case when has_table_privilege(c.oid, 'update') or has_any_column_privilege(c.oid, 'update') then 'U' end,
      case when has_table_privilege(c.oid, 'delete') then 'D' end)), '{}')
    from pg_class c
    where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'v', 'm', 'f', 'p') and not c.relispartition
  ),
  'functions', (
    select coalesce(json_agg(p.oid::int8), '[]')
    from pg_proc p
    where p.pronamespace = to_regnamespace(quote_ident($1)) and has_function_privilege(p.oid, 'execute')
  ),
  'comment', obj_description(to_regnamespace(quote_ident($1)), 'pg_namespace')
)::text`;

/** The OpenAPI 2.0 description of a schema, of what its reader may touch. */
export function describeSchema(
	cache: SchemaCache,
	schema: string,
	privileges: Privileges & { comment: string | null }
): object {
	const relations = cache.relationsOf(schema).filter(({ oid }) => privileges.relations[oid]);
	const functions = cache
		.functionsOf(schema)
		.filter(({ oid, params }) => privileges.functions.includes(oid) && params.every(({ name }) => name !== ''));
	return {
		swagger: '2.0',
		info: {
			title: privileges.comment?.split('\n')[0] ?? 'standard public schema',
			description: privileges.comment?.split('\n').slice(1).join('\n') ?? '',
			version: '13.0.0'
		},
		host: '0.0.0.0:3000',
		basePath: '/',
		schemes: ['http'],
		consumes: MEDIA_TYPES,
		produces: MEDIA_TYPES,
		paths: {
			'/': {
				get: {
					summary: 'OpenAPI description (this document)',
					tags: ['Introspection'],
					produces: ['application/openapi+json', 'application/json'],
					responses: OK
				}
			},
			...Object.fromEntries(
				relations.map((one) => [`/${one.name}`, relationPath(one, privileges.relations[one.oid] ?? '')])
			),
			...Object.fromEntries(functions.map((one) => [`/rpc/${one.name}`, functionPath(one)]))
		},
		definitions: Object.fromEntries(relations.map((one) => [one.name, definition(cache, one)])),
		parameters: {
			...PARAMETERS,
			...Object.fromEntries(relations.flatMap(relationParameters))
		},
		externalDocs: {
			description: 'PostgREST Documentation',
			url: 'https://docs.postgrest.org/en/v13/references/api.html'
		}
	};
}

const MEDIA_TYPES = [
	'application/json',
	'application/vnd.pgrst.object+json;nulls=stripped',
	'application/vnd.pgrst.object+json',
	'text/csv'
];
const OK = { 200: { description: 'OK' } };
const reference = (name: string) => ({ $ref: `#/parameters/${name}` });

const query = (name: string, description: string) => ({
	name,
	description,
	in: 'query',
	required: false,
	type: 'string'
});
const header = (name: string, description: string) => ({
	name,
	description,
	in: 'header',
	required: false,
	type: 'string'
});
const prefer = (values: string[]) => ({ ...header('Prefer', 'Preference'), enum: values });

const PARAMETERS = {
	preferParams: prefer(['params=single-object']),
	preferReturn: prefer(['return=representation', 'return=minimal', 'return=none']),
	preferCount: prefer(['count=none']),
	preferPost: prefer([
		'return=representation',
		'return=minimal',
		'return=none',
		'resolution=ignore-duplicates',
		'resolution=merge-duplicates'
	]),
	select: query('select', 'Filtering Columns'),
	on_conflict: query('on_conflict', 'On Conflict'),
	order: query('order', 'Ordering'),
	range: header('Range', 'Limiting and Pagination'),
	rangeUnit: { ...header('Range-Unit', 'Limiting and Pagination'), default: 'items' },
	offset: query('offset', 'Limiting and Pagination'),
	limit: query('limit', 'Limiting and Pagination')
};

function relationPath(relation: Relation, allowed: string): object {
	const tags = [relation.name];
	const [summary, ...rest] = (relation.comment ?? '').split('\n');
	const about = {
		tags,
		...(summary ? { summary } : {}),
		...(rest.length > 0 ? { description: rest.join('\n').trim() } : {})
	};
	const filters = [...relation.columns.keys()].map((column) => reference(`rowFilter.${relation.name}.${column}`));
	const operation = (parameters: object[], status: number, description: string) => ({
		...about,
		parameters,
		responses: { [status]: { description } }
	});
	const paging = ['select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount'].map(reference);
	const body = reference(`body.${relation.name}`);
	return {
		...(allowed.includes('S')
			? { get: { ...operation([...filters, ...paging], 200, 'OK'), responses: rowsResponse(relation) } }
			: {}),
		...(allowed.includes('I') && relation.insertable
			? { post: operation([body, reference('select'), reference('preferPost')], 201, 'Created') }
			: {}),
		...(allowed.includes('D') && relation.deletable
			? { delete: operation([...filters, reference('preferReturn')], 204, 'No Content') }
			: {}),
		...(allowed.includes('U') && relation.updatable
			? { patch: operation([...filters, body, reference('preferReturn')], 204, 'No Content') }
			: {})
	};
}

function rowsResponse(relation: Relation): object {
	const schema = { type: 'array', items: { $ref: `#/definitions/${relation.name}` } };
	return { 200: { description: 'OK', schema }, 206: { description: 'Partial Content' } };
}

function relationParameters(relation: Relation): [string, object][] {
	const body = {
		name: relation.name,
		description: relation.name,
		in: 'body',
		required: false,
		schema: { $ref: `#/definitions/${relation.name}` }
	};
	return [
		[`body.${relation.name}`, body],
		...[...relation.columns.keys()].map((column): [string, object] => [
			`rowFilter.${relation.name}.${column}`,
			{ name: column, in: 'query', required: false, type: 'string' }
		])
	];
}

function definition(cache: SchemaCache, relation: Relation): object {
	const required = [...relation.columns.values()].filter((column) => column.not_null).map(({ name }) => name);
	return {
		...(relation.comment ? { description: relation.comment } : {}),
		...(required.length > 0 ? { required } : {}),
		properties: Object.fromEntries(
			[...relation.columns.values()].map((one) => [one.name, property(cache, relation, one)])
		),
		type: 'object'
	};
}

function property(cache: SchemaCache, relation: Relation, column: ColumnRow): object {
	const notes = [
		relation.primaryKey.includes(column.name) ? 'Note:\nThis is a Primary Key.<pk/>' : undefined,
		foreignKeyNote(cache, relation, column.name)
	].filter((note) => note !== undefined);
	const description = [column.comment, ...notes].filter(Boolean).join('\n\n');
	return {
		...typeOf(column.base_type),
		...(column.default === null ? {} : { default: constantOf(column.default) }),
		...(description ? { description } : {}),
		...(column.enum ? { enum: column.enum } : {}),
		format: column.type,
		...(column.max_length === null ? {} : { maxLength: column.max_length })
	};
}

function foreignKeyNote(cache: SchemaCache, relation: Relation, column: string): string | undefined {
	for (const one of cache.relationships(relation)) {
		if (one.kind !== 'many-to-one' && one.kind !== 'one-to-one') continue;
		const [pair, ...others] = one.columns;
		if (pair?.[0] !== column || others.length > 0) continue;
		return `Note:\nThis is a Foreign Key to \`${one.target.name}.${pair[1]}\`.<fk table='${one.target.name}' column='${pair[1]}'/>`;
	}
	return undefined;
}

/** `'open'::text` is shown as `open`; an expression as it stands. */
function constantOf(expression: string): unknown {
	const text = /^'((?:[^']|'')*)'(?:::.*)?$/s.exec(expression)?.[1];
	if (text !== undefined) return text.replaceAll("''", "'");
	if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(expression)) return JSON.parse(expression) as unknown;
	return expression;
}

function typeOf(type: string): object {
	if (type.endsWith('[]')) return { type: 'array', items: typeOf(type.slice(0, -2)) };
	if (/^(smallint|integer|bigint)$/.test(type)) return { type: 'integer' };
	if (/^(numeric|real|double precision)$/.test(type)) return { type: 'number' };
	if (type === 'boolean') return { type: 'boolean' };
	if (type === 'json' || type === 'jsonb') return {};
	return { type: 'string' };
}

function functionPath(row: FunctionRow): object {
	const [summary, ...rest] = (row.comment ?? '').split('\n');
	const properties = Object.fromEntries(row.params.map(({ name, type }) => [name, { ...typeOf(type), format: type }]));
	const required = row.params.filter((param) => param.required).map(({ name }) => name);
	const about = {
		tags: [`(rpc) ${row.name}`],
		...(summary ? { summary } : {}),
		...(rest.length > 0 ? { description: rest.join('\n').trim() } : {}),
		produces: MEDIA_TYPES.slice(0, 3),
		responses: OK
	};
	const schema = {
		type: 'object',
		properties,
		...(required.length > 0 ? { required } : {}),
		...(row.comment ? { description: row.comment } : {})
	};
	const post = {
		...about,
		parameters: [{ in: 'body', name: 'args', required: true, schema }, reference('preferParams')]
	};
	if (row.volatility === 'v') return { post };
	const arguments_ = row.params.map(({ name, type, required: needed }) => ({
		in: 'query',
		name,
		required: needed,
		format: type,
		...typeOf(type)
	}));
	return { get: { ...about, parameters: arguments_ }, post };
}
