import type { FunctionRow, ParamRow } from '../cache/catalogue.ts';
import { arrayText, identifier, qualified, type Values } from '../quoting.ts';
import type { Payload } from '../request/payload.ts';
import { takesBody } from './find_function.ts';
import { jsonBody } from './json_source.ts';

/** Where a function's arguments come from. */
export type CallArguments = { kind: 'named'; pairs: [string, string][] } | { kind: 'body'; payload: Payload };

/** The statement that calls a function: its rows, or its values as `pgrst_scalar`. */
export function callSql(row: FunctionRow, args: CallArguments, values: Values): string {
	const { source, list } = argumentsSql(row, args, values);
	const call = `${qualified(row.schema, row.name)}(${list})`;
	const from = source === '' ? '' : `${source}, `;
	if (row.returns_composite)
		return `select pgrst_call.* from ${from}${source === '' ? '' : 'lateral '}${call} pgrst_call`;
	return `select pgrst_call.pgrst_scalar from ${from}lateral (select ${call} as pgrst_scalar) pgrst_call`;
}

function argumentsSql(row: FunctionRow, args: CallArguments, values: Values): { source: string; list: string } {
	if (args.kind === 'named') return { source: '', list: named(row, args.pairs, values) };
	const { payload } = args;
	if (payload.kind === 'form') return { source: '', list: named(row, payload.fields, values) };
	const single = row.params[0];
	const bodyType = payload.kind === 'raw' ? payload.type : 'json';
	if (single && takesBody(row, bodyType)) return { source: '', list: `${values.bind(payload.raw)}::${single.type}` };
	if (payload.kind === 'raw') return { source: '', list: '' };

	const params = row.params.filter(({ name }) => payload.keys.includes(name));
	if (params.length === 0) return { source: '', list: '' };
	const typed = params.map(({ name, type }) => ({ name, type: inputType(type) }));
	const list = params.map((param) => `${assignment(param)}pgrst_body.${identifier(param.name)}`);
	return { source: jsonBody(payload.raw, payload.isArray, typed, values, { limitOne: true }), list: list.join(', ') };
}

function named(row: FunctionRow, pairs: [string, string][], values: Values): string {
	const params = row.params.filter(({ name }) => pairs.some(([key]) => key === name));
	return params
		.map((param) => {
			const given = pairs.filter(([key]) => key === param.name).map(([, value]) => value);
			const value = param.variadic ? arrayText(given) : (given.at(-1) ?? '');
			return `${assignment(param)}${values.bind(value)}::${inputType(param.type)}`;
		})
		.join(', ');
}

function assignment({ name, variadic }: ParamRow): string {
	return `${variadic ? 'variadic ' : ''}${identifier(name)} => `;
}

/** A parameter's type carries no length, and `character` without one means a single character. */
function inputType(type: string): string {
	return type.replace(/^character(?=\[|$)/, 'character varying').replace(/^bit(?=\[|$)/, 'bit varying');
}
