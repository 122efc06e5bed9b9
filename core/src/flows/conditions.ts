import { matchesConditions } from '../conditions/match.ts';
import { fold } from '../text/fold.ts';
import type { Facts } from './events.ts';
import { parseExpression, type Names } from './expression.ts';
import type { Test, When } from './nodes.ts';
import { textOf, type Value } from './variables.ts';

export interface Asked {
	facts: Facts;
	at: number;
	get: (reference: string) => Value | undefined;
	names: () => Names;
}

/** Whether a condition holds. Throws what an expression throws. */
export function holds(when: When, { facts, at, get, names }: Asked): boolean {
	switch (when.type) {
		case 'variables': {
			const test = (one: Test) => passes(get(one.variable) ?? null, one);
			return when.match === 'all' ? when.tests.every(test) : when.tests.some(test);
		}
		case 'conversation':
			return facts.subject !== null && matchesConditions(facts.subject, when.conditions, { me: null, now: at });
		case 'expression':
			return parseExpression(when.expression).evaluate(names()) === true;
	}
}

const isEmpty = (value: Value): boolean =>
	value === null || value === '' || (Array.isArray(value) && value.length === 0);

function passes(known: Value, { op, value = null }: Test): boolean {
	const values = Array.isArray(value) ? value : [value];
	switch (op) {
		case 'set':
			return !isEmpty(known);
		case 'not_set':
			return isEmpty(known);
		case 'is':
		case 'in':
			return values.some((one) => same(known, one));
		case 'is_not':
			return !values.some((one) => same(known, one));
		case 'contains':
			return values.some((one) => holdsText(known, one));
		case 'not_contains':
			return !values.some((one) => holdsText(known, one));
		case 'begins':
			return values.some((one) => fold(textOf(known)).startsWith(fold(textOf(one))));
		case 'gt':
		case 'lt': {
			const [one, other] = [known, values[0] ?? null];
			const order = typeof one === 'number' && typeof other === 'number' ? one - other : compared(one, other);
			return order !== null && (op === 'gt' ? order > 0 : order < 0);
		}
	}
}

/** Texts as people mean them: `Sim`, `SIM` and `sim` are one; a number written out is that number. */
function same(known: Value, asked: Value): boolean {
	if (known === null || asked === null) return isEmpty(known) && isEmpty(asked);
	if (typeof known === 'number' && typeof asked !== 'number') return String(known) === String(asked).replace(',', '.');
	return typeof known === 'object' || typeof known === typeof asked
		? fold(textOf(known)) === fold(textOf(asked))
		: String(known) === String(asked);
}

function holdsText(known: Value, asked: Value): boolean {
	if (Array.isArray(known)) return known.some((item) => same(item, asked));
	return asked !== null && asked !== '' && fold(textOf(known)).includes(fold(textOf(asked)));
}

/** Days as texts come in their order; a number and a text in none, unless the text is a number. */
function compared(one: Value, other: Value): number | null {
	if (isEmpty(one) || isEmpty(other)) return null;
	const [a, b] = [Number(one), Number(other)];
	if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
	if (typeof one !== 'string' || typeof other !== 'string') return null;
	return one < other ? -1 : one > other ? 1 : 0;
}
