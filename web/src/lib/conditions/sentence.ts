import { isGroup, type Conditions, type Rule, type Single } from '@prosa/core/conditions/conditions.ts';
import { kindOfField } from '@prosa/core/conditions/fields.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import type { Choices } from './choices.ts';
import { fieldName, opName, optionsOf, valuesOf } from './words.ts';

const or = (names: string[]) => new Intl.ListFormat(getLocale(), { type: 'disjunction' }).format(names);

/** A rule as one would say it: "Etiqueta é Reclamação ou Troca". */
export function sentenceOfRule(rule: Rule, choices: Choices): string {
	const { field, op } = rule;
	const name = fieldName(field, choices);
	if (op === 'set' || op === 'not_set') return `${name} ${opName(op, field)}`;
	const options = optionsOf(field, choices);
	const [value] = valuesOf(rule);
	if (op === 'within_days') return m.sentence_within({ name, days: Number(value) });
	if (field === 'waiting_minutes') {
		return (op === 'gt' ? m.sentence_waiting_more : m.sentence_waiting_less)({ span: spanOf(Number(value)) });
	}
	const said = (one: Single) => {
		const known = options?.find((option) => option.value === one);
		if (known) return known.label;
		if (one === null) return m.rule_nobody();
		if (kindOfField(field) === 'date') return new Date(String(one)).toLocaleDateString(getLocale());
		return options ? m.rule_gone() : String(one);
	};
	return `${name} ${opName(op, field)} ${or(valuesOf(rule).map(said))}`;
}

/** Conditions in one line. */
export function sentenceOf(conditions: Conditions, choices: Choices): string {
	const parts = conditions.rules.map((rule) =>
		isGroup(rule) ? `(${sentenceOf(rule, choices)})` : sentenceOfRule(rule, choices)
	);
	return parts.join(conditions.match === 'all' ? ' · ' : ` ${m.match_or()} `);
}

function spanOf(minutes: number): string {
	return minutes >= 60 && minutes % 60 === 0 ? m.span_hours({ hours: minutes / 60 }) : m.span_minutes({ minutes });
}
