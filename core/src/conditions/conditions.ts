import { kindOfField, ops, opsOf, type Field, type FieldKind, type Op } from './fields.ts';

export type Single = string | number | boolean | null;
export type Value = Single | Single[];

/** One question about a conversation. It is answered yes or no, never unknown: what isn't there `is_not` anything. */
export interface Rule {
	field: Field;
	op: Op;
	/** None with `set` and `not_set`, a list with `in` and `not_in`. */
	value?: Value;
}

/** Rules of which all or any must hold, one level of groups among them. No rule at all holds for everything. */
export interface Conditions {
	match: 'all' | 'any';
	rules: (Rule | Conditions)[];
}

/** Rules in one set of conditions, groups counted with what is in them. */
export const maxRules = 20;

export const isGroup = (rule: Rule | Conditions): rule is Conditions => 'rules' in rule;

/** Every rule, those in groups too. */
export function rulesOf({ rules }: Conditions): Rule[] {
	return rules.flatMap((rule) => (isGroup(rule) ? rulesOf(rule) : [rule]));
}

// Read by hand: this is in every page of the inbox, where a schema library would weigh more than the rest of the list.
type Fits = (value: unknown) => boolean;

const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
const date = /^\d{4}-\d\d-\d\d$/;
const dateTime = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber: Fits = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Fits = (value) => typeof value === 'string' && value.length >= 1 && value.length <= 500;
const isUuid: Fits = (value) => typeof value === 'string' && uuid.test(value);
const within =
	(least: number, most: number): Fits =>
	(value) =>
		typeof value === 'number' && value >= least && value <= most;
const isDays: Fits = (value) => Number.isInteger(value) && within(1, 3_650)(value);

/** A day that there is: not 30 February, which a browser would take for 2 March. */
function isDay(text: string): boolean {
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const isInstant: Fits = (value) =>
	typeof value === 'string' && (date.test(value) ? isDay(value) : isDay(dateTime.exec(value)?.[1] ?? ''));

const fitsKind: Record<FieldKind, Fits> = {
	reference: (value) => value === null || value === 'me' || isUuid(value),
	choice: (value) => value === null || isText(value),
	tags: isUuid,
	rank: (value) => Number.isInteger(value) && within(0, 4)(value),
	minutes: within(0, 1_000_000),
	flag: (value) => typeof value === 'boolean',
	date: isInstant,
	text: isText,
	attribute: (value) => value === null || typeof value === 'boolean' || isNumber(value) || isText(value)
};

/** Whether a rule's value is one its field and way of asking can take. */
function fits(field: string, op: Op, value: unknown): boolean {
	const kind = kindOfField(field);
	if (kind === null || !opsOf[kind].includes(op)) return false;
	if (op === 'set' || op === 'not_set') return value === undefined || value === null;
	if (op === 'within_days') return isDays(value);
	if (op === 'in' || op === 'not_in') {
		return Array.isArray(value) && value.length >= 1 && value.length <= 100 && value.every(fitsKind[kind]);
	}
	if (kind === 'attribute' && op !== 'is' && op !== 'is_not') {
		return op === 'gt' || op === 'lt' ? isNumber(value) || isInstant(value) : isText(value);
	}
	return fitsKind[kind](value);
}

const onlyHas = (value: object, ...keys: string[]) => Object.keys(value).every((key) => keys.includes(key));

function readRule(value: unknown): Rule | null {
	if (!isObject(value) || !onlyHas(value, 'field', 'op', 'value')) return null;
	const { field, value: asked } = value;
	const op = ops.find((known) => known === value.op);
	if (typeof field !== 'string' || op === undefined || !fits(field, op, asked)) return null;
	const rule: Rule = { field: field as Field, op };
	return asked === undefined ? rule : { ...rule, value: asked as Value };
}

function readGroup(value: unknown, readOne: (rule: unknown) => Rule | Conditions | null): Conditions | null {
	if (!isObject(value) || !onlyHas(value, 'match', 'rules') || !Array.isArray(value.rules)) return null;
	const { match } = value;
	if (match !== 'all' && match !== 'any') return null;
	const rules = value.rules.map(readOne).filter((rule) => rule !== null);
	return rules.length === value.rules.length ? { match, rules } : null;
}

/** A group among rules: rules of its own, at least one, and no groups. */
function readInner(value: unknown): Conditions | null {
	const group = readGroup(value, readRule);
	return group !== null && group.rules.length > 0 ? group : null;
}

/**
 * The conditions in something of which nothing is known, their parts in one order: known fields, fitting values, one
 * level of groups. Null where there are none or one rule doesn't fit.
 */
export function readConditions(value: unknown): Conditions | null {
	const read = readGroup(value, (rule) => readRule(rule) ?? readInner(rule));
	return read !== null && rulesOf(read).length <= maxRules ? read : null;
}
