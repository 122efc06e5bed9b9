import type { ColumnRow } from '../cache/catalogue.ts';
import { identifier, literal, type Values } from '../quoting.ts';

export interface TypedName {
	name: string;
	type: string;
}

/**
 * `from` items that give a JSON body's rows as `pgrst_body`, typed by Postgres: the text of every number reaches the
 * column's own input function.
 */
export function jsonBody(
	raw: string,
	isArray: boolean,
	columns: TypedName[],
	values: Values,
	options: { limitOne?: boolean } = {}
): string {
	const payload = `(select ${values.bind(raw)}::json as json_data) pgrst_payload`;
	const limit = options.limitOne ? ' limit 1' : '';
	if (columns.length === 0) {
		const rows = isArray ? 'json_array_elements(pgrst_payload.json_data) _' : '(values (1)) _';
		return `${payload}, lateral (select from ${rows}${limit}) pgrst_body`;
	}
	const names = columns.map(({ name }) => identifier(name)).join(', ');
	const record = isArray ? 'json_to_recordset' : 'json_to_record';
	return `${payload}, lateral (select ${names} from ${record}(pgrst_payload.json_data) as _(${definitions(columns)})${limit}) pgrst_body`;
}

/**
 * The same, but a key that a row lacks gets its column's default. Row by row, so that a default such as `nextval` or
 * `now()` is its own, and on `json`, because `jsonb` would rewrite what a json column should keep as it was written.
 */
export function jsonBodyWithDefaults(
	raw: string,
	isArray: boolean,
	columns: ColumnRow[],
	values: Values,
	options: { limitOne?: boolean } = {}
): string {
	if (columns.length === 0) return jsonBody(raw, isArray, columns, values, options);
	const payload = `(select ${values.bind(raw)}::json as json_data) pgrst_payload`;
	const rows = isArray ? 'json_array_elements(pgrst_payload.json_data)' : '(select pgrst_payload.json_data)';
	const shown = columns.map(({ name, type, default: fallback }) => {
		const column = identifier(name);
		if (fallback === null) return `r.${column}`;
		return `case when e.row->${literal(name)} is null then cast(${fallback} as ${type}) else r.${column} end as ${column}`;
	});
	const limit = options.limitOne ? ' limit 1' : '';
	return `${payload}, lateral (select ${shown.join(', ')} from ${rows} e(row), lateral json_to_record(e.row) as r(${definitions(columns)})${limit}) pgrst_body`;
}

function definitions(columns: TypedName[]): string {
	return columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ');
}
