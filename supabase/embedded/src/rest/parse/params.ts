import type { Field } from './field.ts';
import { readJsonPath } from './field.ts';
import { isFilter, parseFilter, parseLogic, type Condition } from './filter.ts';
import { parseOrder, type OrderTerm } from './order.ts';
import { RestError } from '../errors.ts';
import { Scanner } from './scanner.ts';
import { parseSelect, type SelectItem } from './select.ts';

/** Something said about one level of the result: the root has the empty path, an embedded relation its names. */
export interface At<T> {
	path: string[];
	what: T;
}

export interface Params {
	select: SelectItem[];
	/** Whether `select` was asked for at all. */
	selects: boolean;
	conditions: At<Condition>[];
	orders: At<OrderTerm[]>[];
	limits: At<number>[];
	offsets: At<number>[];
	columns?: string[];
	onConflict?: string[];
	/** Arguments of a function, when it is called with GET. */
	args: [name: string, value: string][];
}

/** Reads a query string. With `callsFunction`, whatever isn't a filter is an argument. Throws PGRST100 and PGRST103. */
export function parseParams(search: URLSearchParams, callsFunction: boolean): Params {
	const params: Params = { select: [], selects: false, conditions: [], orders: [], limits: [], offsets: [], args: [] };
	let select = '*';
	for (const [key, value] of search) {
		const last = key.slice(key.lastIndexOf('.') + 1);
		if (key === 'select') {
			if (!params.selects) select = value;
			params.selects = true;
		} else if (key === 'columns') params.columns ??= parseNames('columns parameter', value);
		else if (key === 'on_conflict') params.onConflict ??= parseNames('on_conflict parameter', value);
		else if (last === 'order') params.orders.push({ path: parsePath(key).path, what: parseOrder(value) });
		else if (last === 'limit') addNumber(params.limits, key, value);
		else if (last === 'offset') addNumber(params.offsets, key, value);
		else if (last === 'and' || last === 'or') params.conditions.push(parseLogicParam(key, last, value));
		else if (callsFunction && !isFilter(value)) params.args.push([key, value]);
		else {
			const { path, field } = parsePath(key);
			params.conditions.push({ path, what: parseFilter(field, value) });
		}
	}
	params.select = parseSelect(select);
	return params;
}

function addNumber(list: At<number>[], key: string, value: string): void {
	if (!/^-?\d+$/.test(value)) return; // PostgREST ignores what is no number
	const number = Number(value);
	if (number < 0 && key.endsWith('limit'))
		throw new RestError(416, 'PGRST103', 'Requested range not satisfiable', {
			details: 'Limit should be greater than or equal to zero.'
		});
	list.push({ path: parsePath(key).path, what: Math.max(0, number) });
}

/** `projects.tasks.name->x`: a path of relations, then a field. */
function parsePath(key: string): { path: string[]; field: Field } {
	const scanner = new Scanner('tree path', key);
	const names = [scanner.requireName()];
	while (scanner.takes('.')) names.push(scanner.requireName());
	const path = readJsonPath(scanner);
	if (!scanner.ended) throw scanner.fail('delimiter (.), "->" or end of input');
	return { path: names.slice(0, -1), field: { name: names.at(-1) ?? '', path } };
}

function parseLogicParam(key: string, operator: 'and' | 'or', value: string): At<Condition> {
	const { path } = parsePath(key);
	const negated = path.includes('not');
	return { path: path.filter((name) => name !== 'not'), what: parseLogic(operator, negated, value) };
}

function parseNames(what: string, text: string): string[] {
	const scanner = new Scanner(what, text);
	const names: string[] = [];
	do {
		scanner.skipSpace();
		names.push(scanner.requireName());
		scanner.skipSpace();
	} while (scanner.takes(','));
	if (!scanner.ended) throw scanner.fail('"," or end of input');
	return [...new Set(names)];
}
