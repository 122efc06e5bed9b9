import { readJsonPath, type Field } from './field.ts';
import { Scanner } from './scanner.ts';

export const AGGREGATES = ['count', 'sum', 'avg', 'max', 'min'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export interface SelectField {
	kind: 'field';
	/** `*` is a field named `*`. */
	field: Field;
	alias?: string;
	cast?: string;
	aggregate?: Aggregate;
	aggregateCast?: string;
}

export interface SelectRelation {
	kind: 'relation';
	name: string;
	alias?: string;
	hint?: string;
	join?: 'inner' | 'left';
	/** `...name(…)`, of old also `..name(…)`: its columns stand among the parent's. */
	spread: boolean;
	select: SelectItem[];
}

export type SelectItem = SelectField | SelectRelation;

/** Reads `select=`. An empty parameter selects nothing. */
export function parseSelect(text: string): SelectItem[] {
	const scanner = new Scanner('select parameter', text);
	scanner.skipSpace();
	if (scanner.ended) return [];
	const items = readForest(scanner);
	if (!scanner.ended) throw scanner.fail('",", "(" or end of input');
	return items;
}

function readForest(scanner: Scanner): SelectItem[] {
	const items: SelectItem[] = [];
	do {
		scanner.skipSpace();
		items.push(scanner.takes('...') || scanner.takes('..') ? readSpread(scanner) : readItem(scanner));
		scanner.skipSpace();
	} while (scanner.takes(','));
	return items;
}

function readItem(scanner: Scanner): SelectItem {
	if (scanner.takes('*')) return { kind: 'field', field: { name: '*', path: [] } };
	const alias = scanner.attempt(() => {
		const name = scanner.name();
		return name !== undefined && !scanner.sees('::') && scanner.takes(':') ? name : undefined;
	});
	if (scanner.takes('count()')) return withCast(scanner, { ...aliased(alias), aggregate: 'count' });

	const name = scanner.requireName();
	if (scanner.sees('!') || scanner.sees('(')) return { ...readRelation(scanner, name), ...aliased(alias) };

	const item: SelectField = { kind: 'field', field: { name, path: readJsonPath(scanner) }, ...aliased(alias) };
	const cast = readCast(scanner);
	if (cast !== undefined) item.cast = cast;
	const aggregate = AGGREGATES.find((known) => scanner.takes(`.${known}()`));
	if (!aggregate) return item;
	const aggregateCast = readCast(scanner);
	return { ...item, aggregate, ...(aggregateCast === undefined ? {} : { aggregateCast }) };
}

function withCast(scanner: Scanner, parts: { alias?: string; aggregate: Aggregate }): SelectField {
	const aggregateCast = readCast(scanner);
	return {
		kind: 'field',
		field: { name: '*', path: [] },
		...parts,
		...(aggregateCast === undefined ? {} : { aggregateCast })
	};
}

function readSpread(scanner: Scanner): SelectRelation {
	return { ...readRelation(scanner, scanner.requireName()), spread: true };
}

/** The rest of a relation after its name: `!hint!inner(…)`. */
function readRelation(scanner: Scanner, name: string): SelectRelation {
	const relation: SelectRelation = { kind: 'relation', name, spread: false, select: [] };
	while (scanner.takes('!')) {
		const word = scanner.requireName();
		if (word === 'inner' || word === 'left') relation.join = word;
		else relation.hint ??= word;
	}
	scanner.expect('(');
	scanner.skipSpace();
	if (!scanner.sees(')')) relation.select = readForest(scanner);
	scanner.expect(')');
	return relation;
}

/** `::type`. Only characters that can be part of a type's name: what follows goes into the statement unquoted. */
function readCast(scanner: Scanner): string | undefined {
	if (!scanner.takes('::')) return undefined;
	const cast = scanner.match(/[\p{L}\p{N}_ ]+(\[\])*/uy)?.trim();
	if (!cast) throw scanner.fail('letter or digit');
	return cast;
}

function aliased(alias: string | undefined): { alias?: string } {
	return alias === undefined ? {} : { alias };
}
