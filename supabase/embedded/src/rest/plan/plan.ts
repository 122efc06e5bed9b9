import type { FunctionRow } from '../cache/catalogue.ts';
import type { Relation, SchemaCache } from '../cache/schema_cache.ts';
import { RestError } from '../errors.ts';
import type { Params } from '../parse/params.ts';
import { qualified, Values } from '../quoting.ts';
import type { Media } from '../request/media.ts';
import type { Payload } from '../request/payload.ts';
import type { Prefer } from '../request/prefer.ts';
import { callSql, type CallArguments } from './call_sql.ts';
import { closest } from './closest.ts';
import { deleteSql, insertSql, neededColumns, putSql, updateSql, type ConflictTarget } from './mutate_sql.ts';
import { buildTree, type ReadNode } from './read_tree.ts';
import { countSql, selectSql } from './select_sql.ts';
import { assemble, SOURCE, type Shape, type Statement } from './statement.ts';

/** A request, read and understood but not yet planned. */
export interface PlanRequest {
	cache: SchemaCache;
	schema: string;
	params: Params;
	prefer: Prefer;
	media: Media;
	maxRows: number;
}

export type Mutation = 'insert' | 'update' | 'put' | 'delete';

/** The relation a path names. Throws PGRST205 (404). */
export function findRelation(cache: SchemaCache, schema: string, name: string): Relation {
	const relation = cache.relation(schema, name);
	if (relation) return relation;
	const near = closest(
		name,
		cache.relationsOf(schema).map((one) => one.name)
	);
	throw new RestError(404, 'PGRST205', `Could not find the table '${schema}.${name}' in the schema cache`, {
		hint: near === undefined ? null : `Perhaps you meant the table '${schema}.${near}'`
	});
}

/** Plans GET and HEAD on a table or view. */
export function planRead(
	request: PlanRequest,
	relation: Relation,
	headersOnly: boolean
): Statement & { offset: number } {
	const { cache, params, media, maxRows, prefer } = request;
	const root = buildTree(cache, relation, relation.name, params, { rootConditions: true, ranges: true, maxRows });
	const source = qualified(relation.schema, relation.name);
	const values = new Values();
	const parts = {
		source: selectSql(root, source, values),
		answer: `select * from ${SOURCE}`,
		shape: headersOnly ? ('none' as const) : ('rows' as const),
		media,
		...countPart(root, source, prefer, maxRows, values)
	};
	return {
		text: assemble(parts, values),
		values: values.list,
		offset: root.offset,
		...estimatePart(root, source, prefer)
	};
}

/** Plans a change of a table or view. */
export function planMutation(
	request: PlanRequest,
	relation: Relation,
	mutation: Mutation,
	payload: Extract<Payload, { kind: 'json' }> | undefined
): Statement {
	const { cache, params, prefer, media } = request;
	const represents = prefer.return === 'representation';
	// the filters of the root choose what to change; those of embedded relations shape the answer
	const conditions = buildTree(
		cache,
		relation,
		relation.name,
		{ ...params, select: [], conditions: atRoot(params) },
		READ_ALL
	);
	const answer = buildTree(cache, relation, relation.name, params, { ...READ_ALL, rootConditions: false });
	const locates = mutation === 'insert' && prefer.return === 'headers-only' && relation.primaryKey.length > 0;
	const options = {
		relation,
		root: conditions,
		returning: represents ? neededColumns(answer, []) : locates ? relation.primaryKey : [],
		missingDefault: prefer.missing === 'default'
	};
	const values = new Values();
	const source = mutationSql(request, options, mutation, payload, values);
	const single = media.kind === 'object';
	const parts = {
		source,
		answer: represents ? selectSql(answer, SOURCE, values) : `select * from ${SOURCE}`,
		shape: represents ? ('rows' as const) : ('none' as const),
		media,
		inserted: mutation === 'insert' || mutation === 'put',
		...(locates ? { location: relation.primaryKey } : {}),
		...(single || mutation === 'put' ? { exactly: 1 } : {}),
		...(prefer['max-affected'] === undefined ? {} : { atMost: prefer['max-affected'] })
	};
	return { text: assemble(parts, values), values: values.list };
}

const READ_ALL = { rootConditions: true, ranges: false, maxRows: undefined };

function atRoot(params: Params): Params['conditions'] {
	return params.conditions.filter(({ path }) => path.length === 0);
}

function mutationSql(
	{ params, prefer }: PlanRequest,
	options: Parameters<typeof insertSql>[0],
	mutation: Mutation,
	payload: Extract<Payload, { kind: 'json' }> | undefined,
	values: Values
): string {
	if (mutation === 'update' || mutation === 'delete') refuseLimit(params);
	if (mutation === 'delete') return deleteSql(options, values);
	if (!payload) throw new RestError(400, 'PGRST102', 'Empty or invalid json');
	if (mutation === 'update') return updateSql(options, payload, values);
	if (mutation === 'put') {
		checkPut(options.relation, params);
		return putSql(options, payload, values);
	}
	const columns = params.onConflict ?? options.relation.primaryKey;
	const conflict: ConflictTarget | undefined =
		prefer.resolution && columns.length > 0 ? { columns, resolution: prefer.resolution } : undefined;
	return insertSql(options, payload, conflict, values);
}

/** PostgREST 13 ignores a limit here and changes every row; nobody can have meant that, so better a clear refusal. */
function refuseLimit(params: Params): void {
	if (![...params.limits, ...params.offsets].some(({ path }) => path.length === 0)) return;
	throw new RestError(400, 'PGRST127', 'Feature not implemented', {
		details: 'limit and offset do not apply to update and delete: choose the rows by filters'
	});
}

/** PUT names its row by `eq` on every column of the primary key and nothing else. */
function checkPut(relation: Relation, params: Params): void {
	if (params.limits.length > 0 || params.offsets.length > 0)
		throw new RestError(400, 'PGRST114', 'limit/offset querystring parameters are not allowed for PUT');
	const named = new Set<string>();
	const plain = params.conditions.every(({ what }) => {
		if (what.kind !== 'filter' || what.negated || what.field.path.length > 0) return false;
		named.add(what.field.name);
		return what.comparison.kind === 'compare' && what.comparison.operator === 'eq' && !what.comparison.quantifier;
	});
	const key = relation.primaryKey;
	if (!plain || key.length === 0 || named.size !== key.length || !key.every((name) => named.has(name)))
		throw new RestError(405, 'PGRST105', `Filters must include all and only primary key columns with 'eq' operators`);
}

/** Plans a function's call. */
export function planCall(
	request: PlanRequest,
	row: FunctionRow,
	args: CallArguments,
	headersOnly: boolean
): Statement & { offset: number } {
	const { cache, params, prefer, media, maxRows } = request;
	if (prefer['max-affected'] !== undefined && !row.returns_set)
		throw new RestError(
			400,
			'PGRST128',
			'Function must return SETOF or TABLE when max-affected preference is used with handling=strict'
		);
	const found = row.return_relation === null ? undefined : cache.relationByOid(row.return_relation);
	const returned = found?.schema === request.schema ? found : undefined;
	const scalar = !row.returns_composite;
	const root = buildTree(cache, returned, returned?.name ?? row.name, scalar ? { ...params, select: ALL } : params, {
		rootConditions: true,
		ranges: true,
		maxRows
	});
	const values = new Values();
	const shape: Shape =
		headersOnly || row.returns_void
			? 'none'
			: scalar
				? row.returns_set
					? 'scalars'
					: 'scalar'
				: row.returns_set
					? 'rows'
					: 'row';
	const parts = {
		source: callSql(row, args, values),
		answer: selectSql(root, SOURCE, values),
		shape,
		media,
		...countPart(root, SOURCE, prefer, maxRows, values),
		...(media.kind === 'object' && !row.returns_void ? { exactly: 1 } : {}),
		...(prefer['max-affected'] === undefined ? {} : { atMost: prefer['max-affected'] })
	};
	return { text: assemble(parts, values), values: values.list, offset: root.offset };
}

const ALL: Params['select'] = [{ kind: 'field', field: { name: '*', path: [] } }];

function countPart(
	root: ReadNode,
	source: string,
	prefer: Prefer,
	maxRows: number,
	values: Values
): { count?: string } {
	if (prefer.count === 'exact') return { count: countSql(root, source, values) };
	if (prefer.count === 'estimated') return { count: `${countSql(root, source, values)} limit ${maxRows + 1}` };
	return {};
}

/** The planner's own guess costs nothing but a plan. */
function estimatePart(root: ReadNode, source: string, prefer: Prefer): Pick<Statement, 'estimate'> {
	if (prefer.count !== 'planned' && prefer.count !== 'estimated') return {};
	const values = new Values();
	const text = `explain (format json) ${countSql(root, source, values)}`;
	return { estimate: { text, values: values.list } };
}
