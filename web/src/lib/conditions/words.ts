import type { Rule, Single } from '@prosa/core/conditions/conditions.ts';
import {
	attributeOf,
	kindOfField,
	type Field,
	type FieldKind,
	type NamedField,
	type Op
} from '@prosa/core/conditions/fields.ts';
import { priorityName } from '../conversation/priority.ts';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import type { Choices } from './choices.ts';

export interface Option {
	value: Single;
	label: string;
}

const fieldNames: Record<NamedField, () => string> = {
	channel_id: m.rule_channel,
	channel_type: m.rule_channel_type,
	tag_id: m.rule_tag,
	team_id: m.rule_team,
	assignee_id: m.rule_assignee,
	priority: m.rule_priority,
	folder: m.rule_folder,
	waiting_minutes: m.rule_waiting,
	window: m.rule_window,
	language: m.rule_language,
	unread: m.rule_unread,
	owner: m.rule_owner,
	created_at: m.rule_created,
	last_message_at: m.rule_last_message,
	message_text: m.rule_message_text,
	message_kind: m.rule_message_kind,
	is_first_message: m.rule_first_message,
	in_business_hours: m.rule_business_hours
};

/** What a field is called; an attribute by its label. */
export function fieldName(field: Field, choices: Choices): string {
	const attribute = attributeOf(field);
	if (!attribute) return fieldNames[field as NamedField]();
	return definitionOf(field, choices)?.label ?? attribute.key;
}

/** The definition of an attribute's field. */
export function definitionOf(field: Field, { attributes }: Choices): Choices['attributes'][number] | undefined {
	const attribute = attributeOf(field);
	return attributes.find(({ subject, key }) => subject === attribute?.of && key === attribute.key);
}

const opNames: Record<Op, () => string> = {
	is: m.op_is,
	is_not: m.op_is_not,
	in: m.op_is,
	not_in: m.op_is_not,
	contains: m.op_contains,
	not_contains: m.op_not_contains,
	gt: m.op_gt,
	lt: m.op_lt,
	set: m.op_set,
	not_set: m.op_not_set,
	within_days: m.op_within_days
};

/** How a way of asking is said of a field. One or several values make no difference to a person: `in` is said as `is`. */
export function opName(op: Op, field: Field): string {
	if (kindOfField(field) === 'date') {
		if (op === 'gt') return m.op_after();
		if (op === 'lt') return m.op_before();
	}
	if (field === 'tag_id')
		return { is: m.op_has, is_not: m.op_has_not, in: m.op_has, not_in: m.op_has_not }[op as 'is']?.() ?? opNames[op]();
	return opNames[op]();
}

/** The ways to ask a field that the builder offers, one of each meaning. */
export function offeredOps(field: Field, choices: Choices): Op[] {
	const kind = kindOfField(field) ?? 'choice';
	const nullable = ['team_id', 'assignee_id', 'language', 'tag_id'].includes(field);
	const type = definitionOf(field, choices)?.type;
	const byKind: Record<FieldKind, Op[]> = {
		reference: nullable ? ['is', 'is_not', 'set', 'not_set'] : ['is', 'is_not'],
		choice: nullable ? ['is', 'is_not', 'set', 'not_set'] : ['is', 'is_not'],
		tags: ['is', 'is_not', 'set', 'not_set'],
		rank: ['is', 'is_not', 'gt', 'lt'],
		minutes: ['gt', 'lt', 'set', 'not_set'],
		flag: ['is'],
		date: ['within_days', 'gt', 'lt'],
		text: ['contains', 'not_contains', 'is', 'is_not'],
		attribute:
			type === 'number' || type === 'date'
				? ['is', 'gt', 'lt', 'set', 'not_set']
				: type === 'boolean' || type === 'choice'
					? ['is', 'is_not', 'set', 'not_set']
					: ['is', 'is_not', 'contains', 'not_contains', 'set', 'not_set']
	};
	return byKind[kind];
}

const yesNo = (): Option[] => [
	{ value: true, label: m.yes() },
	{ value: false, label: m.no() }
];

/** What can be chosen for a field; null where it is typed. */
export function optionsOf(field: Field, choices: Choices): Option[] | null {
	const named = (list: { id: string; name: string }[]) => list.map(({ id, name }) => ({ value: id, label: name }));
	switch (field) {
		case 'channel_id':
			return named(choices.channels);
		case 'team_id':
			return named(choices.teams);
		case 'tag_id':
			return named(choices.tags);
		case 'assignee_id':
			return [
				{ value: 'me', label: m.rule_me() },
				...choices.members.map(({ user_id, display_name }) => ({ value: user_id, label: display_name }))
			];
		case 'language':
			return languages.map((value) => ({ value, label: languageName(value) }));
		case 'channel_type':
			return [{ value: 'whatsapp', label: 'WhatsApp' }];
		case 'priority':
			return [4, 3, 2, 1, 0].map((value) => ({ value, label: priorityName(value) }));
		case 'folder':
			return [
				{ value: 'open', label: m.folder_open() },
				{ value: 'snoozed', label: m.folder_snoozed() },
				{ value: 'spam', label: m.folder_spam() },
				{ value: 'closed', label: m.folder_closed() }
			];
		case 'window':
			return [
				{ value: 'open', label: m.window_is_open() },
				{ value: 'closing', label: m.window_is_closing() },
				{ value: 'closed', label: m.window_is_closed() }
			];
		case 'owner':
			return [
				{ value: 'human', label: m.owner_human() },
				{ value: 'bot', label: m.owner_bot() },
				{ value: 'ai', label: m.owner_ai() }
			];
		case 'message_kind':
			return [
				{ value: 'text', label: m.kind_text() },
				{ value: 'image', label: m.kind_image() },
				{ value: 'audio', label: m.kind_audio() },
				{ value: 'video', label: m.kind_video() },
				{ value: 'document', label: m.kind_document() },
				{ value: 'location', label: m.kind_location() }
			];
		case 'unread':
		case 'is_first_message':
		case 'in_business_hours':
			return yesNo();
		default: {
			const definition = definitionOf(field, choices);
			if (definition?.type === 'boolean') return yesNo();
			if (definition?.type === 'choice') return definition.options.map((value) => ({ value, label: value }));
			return null;
		}
	}
}

/** Languages that customers of a Brazilian company write in. */
const languages = ['pt-BR', 'pt-PT', 'en', 'es', 'fr', 'it', 'de'];

function languageName(tag: string): string {
	return new Intl.DisplayNames(getLocale(), { type: 'language' }).of(tag) ?? tag;
}

/** The values of a rule, as a list. */
export function valuesOf({ value }: Rule): Single[] {
	return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** A rule with these values: several make `is` an `in`. */
export function withValues(rule: Rule, values: Single[]): Rule {
	const negative = rule.op === 'is_not' || rule.op === 'not_in';
	if (values.length > 1) return { field: rule.field, op: negative ? 'not_in' : 'in', value: values };
	const [value] = values;
	const op = negative ? 'is_not' : 'is';
	return value === undefined ? { field: rule.field, op } : { field: rule.field, op, value };
}
