import { literal, type Values } from '../quoting.ts';
import type { Media } from '../request/media.ts';

/** The CTE that does the work of a request; what follows it only shapes the answer. */
export const SOURCE = 'pgrst_source';

/** One request as one statement. Its only row is a `ResultRow`. */
export interface Statement {
	text: string;
	values: (string | null)[];
	/** Asks the planner how many rows there are, for count=planned and count=estimated. */
	estimate?: { text: string; values: (string | null)[] };
}

/** total, rows, body, headers, status, location, inserted: as text. */
export type ResultRow = (string | null)[];

export const RESULT = { total: 0, rows: 1, body: 2, headers: 3, status: 4, location: 5, inserted: 6 } as const;

/** What the aggregated rows become. */
export type Shape = 'rows' | 'row' | 'scalars' | 'scalar' | 'none';

export interface StatementParts {
	/** The work: `select …`, `insert …` or a function's call. */
	source: string;
	/** How the answer reads from it. */
	answer: string;
	shape: Shape;
	media: Media;
	count?: string;
	/** Refuse, and undo, unless this many rows (at most) came out. */
	exactly?: number;
	atMost?: number;
	/** Columns of the primary key, when the answer is to say where the new row is. */
	location?: string[];
	inserted?: boolean;
}

/** The prefix of the error by which a statement undoes itself: see `guardSql`. */
export const GUARD = 'embedded-rest-guard';

export function assemble(parts: StatementParts, values: Values): string {
	const ctes = [`${SOURCE} as (${parts.source})`];
	if (parts.count !== undefined) ctes.push(`pgrst_source_count as (${parts.count})`);
	const columns = [
		parts.count === undefined ? 'null' : '(select count(*) from pgrst_source_count)',
		'count(*)',
		bodySql(parts.shape, parts.media),
		`nullif(current_setting('response.headers', true), '')`,
		`nullif(current_setting('response.status', true), '')`,
		parts.location === undefined ? 'null' : locationSql(parts.location),
		parts.inserted ? `nullif(current_setting('pgrst.inserted', true), '')` : 'null',
		...guardSql(parts, values)
	];
	return `with ${ctes.join(', ')} select ${columns.join(', ')} from (${parts.answer}) _postgrest_t`;
}

function bodySql(shape: Shape, media: Media): string {
	if (shape === 'none') return 'null';
	if (media.kind === 'csv') return csvSql();
	const scalar = shape === 'scalar' || shape === 'scalars';
	const all = scalar ? 'json_agg(_postgrest_t.pgrst_scalar)' : 'json_agg(_postgrest_t)';
	const one = shape === 'row' || shape === 'scalar' || media.kind === 'object';
	const value = one ? `${all}->0` : all;
	return `coalesce(${media.stripNulls ? `json_strip_nulls(${value})` : value}, '${one ? 'null' : '[]'}')::text`;
}

function csvSql(): string {
	const header = `(select coalesce(string_agg(k, ','), '') from (select json_object_keys(r) as k from (select row_to_json(h) as r from ${SOURCE} h limit 1) a) b)`;
	return `${header} || E'\\n' || coalesce(string_agg(substring(_postgrest_t::text, 2, length(_postgrest_t::text) - 2), E'\\n'), '')`;
}

/** The new row's key as JSON pairs, when there is exactly one. */
function locationSql(key: string[]): string {
	const names = key.map(literal).join(', ');
	return `case when count(*) = 1 then (
		select json_agg(json_build_array(e.key, coalesce('eq.' || e.value, 'is.null')))
		from (select row_to_json(s) as r from ${SOURCE} s limit 1) d, json_each_text(d.r) e
		where e.key in (${names})) end`;
}

/**
 * A request that changed too many rows must leave no trace, and asking first would cost a second round trip. So the
 * statement fails by itself: the cast of a text that is no number is an error, and an error undoes everything.
 */
function guardSql({ exactly, atMost }: StatementParts, values: Values): string[] {
	if (exactly === undefined && atMost === undefined) return [];
	const holds = [
		...(exactly === undefined ? [] : [`count(*) = ${values.bind(String(exactly))}::int8`]),
		...(atMost === undefined ? [] : [`count(*) <= ${values.bind(String(atMost))}::int8`])
	].join(' and ');
	return [`case when ${holds} then null else ('${GUARD}:' || count(*))::int end`];
}

/** The row count that a guard complained about; undefined when the error is another one. */
export function guardedRows(message: string): number | undefined {
	const found = new RegExp(`"${GUARD}:(\\d+)"`).exec(message)?.[1];
	return found === undefined ? undefined : Number(found);
}
