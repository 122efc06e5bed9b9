import {
	isGroup,
	maxRules,
	readConditions,
	rulesOf,
	type Conditions,
	type Rule
} from '@prosa/core/conditions/conditions.ts';
import { fieldKinds, messageFields, type Field, type NamedField } from '@prosa/core/conditions/fields.ts';
import type { Choices } from './choices.ts';
import { offeredOps, optionsOf, valuesOf, withValues } from './words.ts';

/** The fields the builder offers, those of messages only where a message is asked about. */
export function fieldsFor(choices: Choices, ofMessages: boolean): Field[] {
	const named = (Object.keys(fieldKinds) as NamedField[]).filter(
		(field) => (ofMessages || !messageFields.includes(field)) && field !== 'channel_type'
	);
	const attributes = choices.attributes.map(({ subject, key }) => `${subject}_attribute.${key}` as Field);
	return ofMessages
		? [...messageFields, ...named.filter((field) => !messageFields.includes(field)), ...attributes]
		: [...named, ...attributes];
}

/** A rule to begin with. A field with yes or no is answered already. */
export function ruleFor(field: Field, choices: Choices): Rule {
	const [op = 'is'] = offeredOps(field, choices);
	const options = optionsOf(field, choices);
	if (op === 'within_days') return { field, op, value: 7 };
	if (field === 'waiting_minutes') return { field, op, value: 30 };
	return options?.[0]?.value === true ? { field, op, value: true } : { field, op };
}

/** The same field asked another way; values stay where they still mean something. */
export function askedAs(rule: Rule, op: Rule['op'], choices: Choices): Rule {
	const { field } = rule;
	if (op === 'set' || op === 'not_set') return { field, op };
	if (op === 'within_days') return { field, op, value: 7 };
	const values = rule.op === 'within_days' ? [] : valuesOf(rule);
	if (op === 'is' || op === 'is_not')
		return withValues({ ...rule, op }, optionsOf(field, choices) ? values : values.slice(0, 1));
	return values[0] === undefined ? { field, op } : { field, op, value: values[0] };
}

/** Conditions without what is not finished; null where no rule is left. */
export function finished({ match, rules }: Conditions): Conditions | null {
	const whole = rules.flatMap((rule): Conditions['rules'] => {
		if (isGroup(rule)) {
			const group = finished(rule);
			return group ? [group] : [];
		}
		return readConditions({ match: 'all', rules: [rule] }) === null ? [] : [rule];
	});
	return whole.length > 0 ? { match, rules: whole } : null;
}

/** Whether everything written can be asked. */
export const isFinished = (conditions: Conditions) =>
	conditions.rules.length > 0 && readConditions(conditions) !== null;

export const isFull = (conditions: Conditions) => rulesOf(conditions).length >= maxRules;
