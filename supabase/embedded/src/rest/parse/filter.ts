import { readField, type Field } from './field.ts';
import { Scanner } from './scanner.ts';

/** Operators that stand between a column and a value as they are. */
export const OPERATORS = {
	eq: '=',
	neq: '<>',
	gt: '>',
	gte: '>=',
	lt: '<',
	lte: '<=',
	like: 'like',
	ilike: 'ilike',
	match: '~',
	imatch: '~*',
	cs: '@>',
	cd: '<@',
	ov: '&&',
	sl: '<<',
	sr: '>>',
	nxr: '&<',
	nxl: '&>',
	adj: '-|-',
	isdistinct: 'is distinct from'
} as const;
export type Operator = keyof typeof OPERATORS;

const QUANTIFIABLE = new Set<string>(['eq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'match', 'imatch']);

export const TEXT_SEARCHES = {
	fts: 'to_tsquery',
	plfts: 'plainto_tsquery',
	phfts: 'phraseto_tsquery',
	wfts: 'websearch_to_tsquery'
} as const;
export type TextSearch = keyof typeof TEXT_SEARCHES;

function isOperator(word: string): word is Operator {
	return Object.hasOwn(OPERATORS, word);
}

function isTextSearch(word: string): word is TextSearch {
	return Object.hasOwn(TEXT_SEARCHES, word);
}

export const IS_VALUES = ['null', 'not_null', 'true', 'false', 'unknown'] as const;
export type IsValue = (typeof IS_VALUES)[number];

export type Comparison =
	| { kind: 'compare'; operator: Operator; quantifier?: 'any' | 'all'; value: string }
	| { kind: 'is'; value: IsValue }
	| { kind: 'in'; values: string[] }
	| { kind: 'search'; search: TextSearch; language?: string; value: string };

export interface Filter {
	kind: 'filter';
	field: Field;
	negated: boolean;
	comparison: Comparison;
}

export interface Logic {
	kind: 'logic';
	operator: 'and' | 'or';
	negated: boolean;
	conditions: Condition[];
}

export type Condition = Filter | Logic;

/** Reads the value of a filter parameter: `not.eq.5`, `in.(1,2)`. Throws PGRST100. */
export function parseFilter(field: Field, text: string): Filter {
	const scanner = new Scanner('filter', text);
	const filter = readComparison(scanner, field, readToEnd);
	if (!scanner.ended) throw scanner.fail('end of input');
	return filter;
}

/** Whether a value looks like a filter, for functions, whose arguments stand among the filters. */
export function isFilter(text: string): boolean {
	const operator = /^(?:not\.)?([a-z]+)(?:\([^)]*\))?\./.exec(text)?.[1];
	return (
		operator !== undefined && (isOperator(operator) || isTextSearch(operator) || operator === 'is' || operator === 'in')
	);
}

/** Reads `and=(…)`, `or=(…)` and their negations. Throws PGRST100. */
export function parseLogic(operator: 'and' | 'or', negated: boolean, text: string): Logic {
	const scanner = new Scanner('logic tree', text);
	const conditions = readConditions(scanner);
	if (!scanner.ended) throw scanner.fail('end of input');
	return { kind: 'logic', operator, negated, conditions };
}

function readConditions(scanner: Scanner): Condition[] {
	scanner.skipSpace();
	scanner.expect('(');
	const conditions: Condition[] = [];
	do {
		scanner.skipSpace();
		conditions.push(readCondition(scanner));
		scanner.skipSpace();
	} while (scanner.takes(','));
	scanner.expect(')');
	scanner.skipSpace();
	return conditions;
}

function readCondition(scanner: Scanner): Condition {
	const nested = /(not\.)?(and|or)(?=\s*\()/y;
	const head = scanner.match(nested);
	if (head !== undefined) {
		return {
			kind: 'logic',
			operator: head.endsWith('and') ? 'and' : 'or',
			negated: head.startsWith('not.'),
			conditions: readConditions(scanner)
		};
	}
	const field = readField(scanner);
	scanner.expect('.');
	return readComparison(scanner, field, readListedValue);
}

function readComparison(scanner: Scanner, field: Field, readValue: (scanner: Scanner) => string): Filter {
	const negated = scanner.takes('not.');
	const start = scanner.position;
	const word = scanner.match(/[a-z]*/y) ?? '';
	const filter = (comparison: Comparison): Filter => ({ kind: 'filter', field, negated, comparison });

	if (word === 'is' && scanner.takes('.')) return filter({ kind: 'is', value: readIsValue(scanner) });
	if (word === 'in' && scanner.takes('.')) return filter({ kind: 'in', values: readList(scanner) });

	const argument = scanner.match(/\([^()]*\)/y)?.slice(1, -1);
	if (isTextSearch(word) && scanner.takes('.')) {
		const language = argument ? { language: argument } : {};
		return filter({ kind: 'search', search: word, ...language, value: readValue(scanner) });
	}
	const quantified = argument === undefined || (QUANTIFIABLE.has(word) && (argument === 'any' || argument === 'all'));
	if (isOperator(word) && quantified && scanner.takes('.')) {
		const quantifier = argument === undefined ? {} : { quantifier: argument as 'any' | 'all' };
		return filter({ kind: 'compare', operator: word, ...quantifier, value: readValue(scanner) });
	}
	scanner.position = start;
	throw scanner.fail(negated ? 'operator (eq, gt, ...)' : '"not" or operator (eq, gt, ...)');
}

function readIsValue(scanner: Scanner): IsValue {
	const start = scanner.position;
	const word = scanner.match(/[a-z_]*/iy)?.toLowerCase();
	const value = IS_VALUES.find((known) => known === word);
	if (value) return value;
	scanner.position = start;
	throw scanner.fail('isVal: (null, not_null, true, false, unknown)');
}

/** `(a,"b,c",d)`; `()` is the empty list. */
function readList(scanner: Scanner): string[] {
	scanner.skipSpace();
	scanner.expect('(');
	const values: string[] = [];
	do values.push(readQuotedUntilComma(scanner) ?? scanner.match(/[^,)]*/y) ?? '');
	while (scanner.takes(','));
	scanner.expect(')');
	scanner.skipSpace();
	return values.length === 1 && values[0] === '' ? [] : values;
}

/** A value that is the whole rest of a parameter. */
function readToEnd(scanner: Scanner): string {
	const value = scanner.text.slice(scanner.position);
	scanner.position = scanner.text.length;
	return value;
}

/** A value among others in a logic tree, where commas and brackets must be quoted. */
function readListedValue(scanner: Scanner): string {
	return readQuotedUntilComma(scanner) ?? scanner.match(/\{[^{}]*\}/y) ?? scanner.match(/[^,)]*/y) ?? '';
}

function readQuotedUntilComma(scanner: Scanner): string | undefined {
	return scanner.attempt(() => {
		const value = scanner.quoted();
		return scanner.ended || scanner.sees(',') || scanner.sees(')') ? value : undefined;
	});
}
