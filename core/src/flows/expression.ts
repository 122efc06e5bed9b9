import { Environment } from '@marcbachmann/cel-js';
import { LIMITS } from './limits.ts';
import { bounded, referenceOf, type Value } from './variables.ts';

/*
 * Expressions are CEL: a language that cannot loop, read nothing but what it is given and always ends. Three things are
 * taken out of it that could still cost a worker its time: patterns (JavaScript's may run for ever; RE2 asks them, in
 * questions), what is computed for each of what is computed for each (a list of 500 in itself thrice is 125 million), and
 * names bound to be doubled.
 */

/** What an expression may read: the run's variables bare, the others by their owner. */
export type Names = Record<string, unknown>;

export interface Expression {
	/** The variables it reads: `nome`, `contact.plan`. */
	readonly reads: readonly string[];
	/** Its value. Throws what went wrong: a missing variable, text and number mixed. */
	evaluate(names: Names): Value;
}

export class ExpressionFault extends Error {
	override name = 'ExpressionFault';
	/** Where in the expression. */
	readonly at: number;

	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

const EACH = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);
const FORBIDDEN = new Set(['matches', 'bind', 'transformList', 'transformMap']);

const environment = withNumbers(
	new Environment({
		unlistedVariablesAreDyn: true,
		homogeneousAggregateLiterals: false,
		limits: {
			maxAstNodes: LIMITS.expressionNodes,
			maxDepth: 20,
			maxListElements: 50,
			maxMapEntries: 50,
			maxCallArguments: 8
		}
	})
);

/** JSON knows one kind of number: `price * 2` is no error of types. */
function withNumbers(env: Environment): Environment {
	const pairs = ['double _ int', 'int _ double'];
	const plain: Record<string, (a: number, b: number) => number> = {
		'+': (a, b) => a + b,
		'-': (a, b) => a - b,
		'*': (a, b) => a * b,
		'/': (a, b) => a / b,
		'%': (a, b) => a % b
	};
	for (const pair of pairs) {
		for (const [sign, apply] of Object.entries(plain)) {
			env.registerOperator(`${pair.replace('_', sign)}: double`, (a: unknown, b: unknown) =>
				apply(Number(a), Number(b))
			);
		}
	}
	env.registerOperator('double % double: double', (a: number, b: number) => a % b);
	env.registerFunction('round(double): double', (value: number) => Math.round(value));
	env.registerFunction('round(double, int): double', (value: number, places: bigint) => {
		const scale = 10 ** Math.min(Math.max(Number(places), 0), 10);
		return Math.round(value * scale) / scale;
	});
	return env;
}

const known = new Map<string, Expression | ExpressionFault>();
const REMEMBERED = 2_000;

/** Reads an expression. Throws ExpressionFault where it is none, or one that is not allowed. */
export function parseExpression(source: string): Expression {
	let found = known.get(source);
	if (found === undefined) {
		try {
			found = read(source);
		} catch (error) {
			found = error instanceof ExpressionFault ? error : new ExpressionFault(firstLine(error), positionOf(error));
		}
		if (known.size >= REMEMBERED) known.clear();
		known.set(source, found);
	}
	if (found instanceof ExpressionFault) throw found;
	return found;
}

function read(source: string): Expression {
	if (source.length > LIMITS.expression) throw new ExpressionFault('too long', LIMITS.expression);
	const program = environment.parse(source);
	const reads = new Set<string>();
	survey(program.ast as unknown as Ast, { reads, bound: new Set(), inEach: false });
	const checked = program.check();
	if (!checked.valid) throw new ExpressionFault(firstLine(checked.error), positionOf(checked.error));
	return {
		reads: [...reads],
		evaluate: (names) => bounded(program(names))
	};
}

interface Ast {
	op: string;
	args: unknown;
	pos?: number;
}

interface Survey {
	reads: Set<string>;
	bound: Set<string>;
	inEach: boolean;
}

const isAst = (value: unknown): value is Ast =>
	typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** Collects what is read, and refuses what may not be. */
function survey(ast: Ast, seen: Survey): void {
	const at = ast.pos ?? 0;
	if (ast.op === 'id') {
		const name = String(ast.args);
		if (!seen.bound.has(name)) seen.reads.add(name);
		return;
	}
	if (ast.op === '.' && Array.isArray(ast.args)) {
		const [of, key] = ast.args as [unknown, unknown];
		if (isAst(of) && of.op === 'id' && !seen.bound.has(String(of.args))) {
			const path = `${String(of.args)}.${String(key)}`;
			seen.reads.add(referenceOf(path) ? path : String(of.args));
			return;
		}
	}
	if (ast.op === 'rcall' || ast.op === 'call') {
		const [name] = ast.args as [unknown];
		if (typeof name === 'string' && FORBIDDEN.has(name)) throw new ExpressionFault(`${name} is not allowed`, at);
		if (ast.op === 'rcall' && typeof name === 'string' && EACH.has(name)) {
			const [, of, given] = ast.args as [string, unknown, unknown[]];
			if (seen.inEach) throw new ExpressionFault(`${name} within another is not allowed`, at);
			if (isAst(of)) survey(of, { ...seen, inEach: true });
			const [variable, ...rest] = given;
			const bound = new Set(seen.bound);
			if (isAst(variable) && variable.op === 'id') bound.add(String(variable.args));
			for (const part of rest) if (isAst(part)) survey(part, { ...seen, bound, inEach: true });
			return;
		}
	}
	for (const part of partsOf(ast.args)) survey(part, seen);
}

function partsOf(args: unknown): Ast[] {
	if (isAst(args)) return [args];
	return Array.isArray(args) ? args.flatMap(partsOf) : [];
}

const firstLine = (error: unknown): string =>
	(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function positionOf(error: unknown): number {
	const node = typeof error === 'object' && error !== null && 'node' in error ? error.node : null;
	return typeof node === 'object' && node !== null && 'pos' in node && typeof node.pos === 'number' ? node.pos : 0;
}
