import { z } from 'zod';
import { kindOfField, ops, opsOf, type Field, type Op } from './fields.ts';

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

const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const text = z.string().min(1).max(500);
const single = {
	reference: z.union([z.uuid(), z.literal('me'), z.null()]),
	choice: z.union([text, z.null()]),
	tags: z.uuid(),
	rank: z.int().min(0).max(4),
	minutes: z.number().min(0).max(1_000_000),
	flag: z.boolean(),
	date: instant,
	text,
	attribute: z.union([text, z.number(), z.boolean(), z.null()])
};

const days = z.int().min(1).max(3_650);

/** Whether a rule's value is one its field and way of asking can take. */
function fits({ field, op, value }: Rule): boolean {
	const kind = kindOfField(field);
	if (kind === null || !opsOf[kind].includes(op)) return false;
	if (op === 'set' || op === 'not_set') return value === undefined || value === null;
	if (op === 'within_days') return days.safeParse(value).success;
	if (op === 'in' || op === 'not_in') return z.array(single[kind]).min(1).max(100).safeParse(value).success;
	if (kind === 'attribute' && op !== 'is' && op !== 'is_not') {
		const compared = op === 'gt' || op === 'lt' ? z.union([z.number(), instant]) : text;
		return compared.safeParse(value).success;
	}
	return single[kind].safeParse(value).success;
}

const shape = z.strictObject({
	field: z.string().max(100),
	op: z.enum(ops),
	value: z
		.union([
			z.string(),
			z.number(),
			z.boolean(),
			z.null(),
			z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
		])
		.optional()
});
const rule = shape.refine((found) => fits(found as Rule), { message: 'rule_unfit' }) as unknown as z.ZodType<Rule>;
const match = z.enum(['all', 'any']);
const group = z.strictObject({ match, rules: z.array(rule).min(1) });

/** Conditions as they are kept and sent: known fields, fitting values, one level of groups. */
export const conditionsSchema: z.ZodType<Conditions> = z
	.strictObject({ match, rules: z.array(z.union([rule, group])) })
	.refine((found) => rulesOf(found).length <= maxRules, { message: 'too_many_rules' });

/** The conditions in something of which nothing is known; null where there are none or one rule doesn't fit. */
export function readConditions(value: unknown): Conditions | null {
	const read = conditionsSchema.safeParse(value);
	return read.success ? read.data : null;
}
