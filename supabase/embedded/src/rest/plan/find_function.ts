import type { FunctionRow } from '../cache/catalogue.ts';
import type { SchemaCache } from '../cache/schema_cache.ts';
import { RestError } from '../errors.ts';
import { closest } from './closest.ts';

/** The kind of body a POST brings, which decides whether it may be a single unnamed argument. */
export type BodyType = 'json' | 'text' | 'xml' | 'bytea' | undefined;

/**
 * The function that a name and its arguments' names mean. Throws PGRST202 (404) when none takes exactly these,
 * PGRST203 (300) when several do.
 */
export function findFunction(
	cache: SchemaCache,
	schema: string,
	name: string,
	args: string[],
	body: BodyType
): FunctionRow {
	const overloads = cache.functions(schema, name);
	const named = overloads.filter((one) => takes(one, args, body));
	const found = named.length > 0 ? named : overloads.filter((one) => takesBody(one, body));
	const [only, ...others] = found;
	if (!only) throw unknownFunction(cache, schema, name, args, body, overloads);
	if (others.length > 0) throw ambiguousFunction(found);
	return only;
}

function takes({ params }: FunctionRow, args: string[], body: BodyType): boolean {
	if (params.length === 0) return args.length === 0 && (body === undefined || body === 'json');
	const known = params.map(({ name }) => name);
	const required = params.filter((param) => param.required);
	return args.every((arg) => arg !== '' && known.includes(arg)) && required.every(({ name }) => args.includes(name));
}

/** One unnamed parameter takes the whole body. */
export function takesBody({ params }: FunctionRow, body: BodyType): boolean {
	const [param, ...others] = params;
	if (!param || others.length > 0 || param.name !== '' || body === undefined) return false;
	return body === 'json' ? param.type === 'json' || param.type === 'jsonb' : param.type === body;
}

function unknownFunction(
	cache: SchemaCache,
	schema: string,
	name: string,
	args: string[],
	body: BodyType,
	overloads: FunctionRow[]
): RestError {
	const full = `${schema}.${name}`;
	args = args.toSorted();
	const raw = body !== undefined && body !== 'json';
	const parameters = args.length > 0 ? `(${args.join(', ')})` : raw ? '' : ' without parameters';
	const searched = raw
		? ` with a single unnamed ${body} parameter`
		: (args.length > 0 ? ` with parameter${args.length > 1 ? 's' : ''} ${args.join(', ')}` : ' without parameters') +
			(body === 'json' ? ' or with a single unnamed json/jsonb parameter' : '');
	return new RestError(404, 'PGRST202', `Could not find the function ${full}${parameters} in the schema cache`, {
		details: `Searched for the function ${full}${searched}, but no matches were found in the schema cache.`,
		hint: suggestion(cache, schema, name, args, overloads)
	});
}

function suggestion(
	cache: SchemaCache,
	schema: string,
	name: string,
	args: string[],
	overloads: FunctionRow[]
): string | null {
	if (overloads.length > 0) {
		const lists = overloads.map(({ params }) => params.map((param) => param.name).join(', '));
		const near = args.length === 0 ? lists[0] : closest(args.join(', '), lists);
		if (near === undefined) return null;
		return `Perhaps you meant to call the function ${schema}.${name}${near === '' ? '' : `(${near})`}`;
	}
	const near = closest(name, [...new Set(cache.functionsOf(schema).map((one) => one.name))]);
	return near === undefined ? null : `Perhaps you meant to call the function ${schema}.${near}`;
}

function ambiguousFunction(found: FunctionRow[]): RestError {
	const list = found.map(
		({ schema, name, params }) =>
			`${schema}.${name}(${params.map((param) => `${param.name} => ${param.type}`).join(', ')})`
	);
	return new RestError(300, 'PGRST203', `Could not choose the best candidate function between: ${list.join(', ')}`, {
		hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved'
	});
}
