import { isOneEmoji } from './emoji.ts';
import type { Fault, FaultCode } from './faults.ts';
import type { ListRule, NumberRule, ObjectRule, Rule, TextRule } from './rule.ts';
import { structureFaults } from './structure.ts';

type Path = Fault['path'];

const BLANK = /^[ \t\r\n]*$/;

/** All that is wrong with a value by a rule, in the order in which the database would meet it. */
export function* faultsBy(rule: Rule, value: unknown, path: Path): Generator<Fault> {
	const wrong = (code: FaultCode, limit?: number): Fault => ({ code, path, ...(limit === undefined ? {} : { limit }) });
	switch (rule.is) {
		case 'text':
			if (typeof value !== 'string') yield wrong('value_invalid');
			else yield* textFaults(rule, value, wrong);
			return;
		case 'number':
			yield* numberFaults(rule, value, wrong);
			return;
		case 'boolean':
			if (typeof value !== 'boolean') yield wrong('value_invalid');
			return;
		case 'word':
			if (typeof value !== 'string' || !rule.of.includes(value)) yield wrong(rule.fault);
			return;
		case 'mime':
			if (typeof value !== 'string' || !rule.of.includes(bareType(value))) yield wrong(rule.fault);
			return;
		case 'index':
			if (!isIndex(value)) yield wrong('value_invalid');
			return;
		case 'emoji':
			if (typeof value !== 'string') yield wrong('value_invalid');
			else if (value !== '' && !isOneEmoji(value)) yield wrong('reaction_not_one_emoji');
			return;
		case 'data':
			if (!isObject(value) || Object.keys(value).length === 0) yield wrong(rule.fault);
			return;
		case 'list':
			if (!Array.isArray(value)) yield wrong('value_invalid');
			else yield* listFaults(rule, value, path);
			return;
		case 'object':
			if (!isObject(value)) yield wrong('value_invalid');
			else yield* objectFaults(rule, value, path);
			return;
		case 'variant': {
			const name = isObject(value) ? value[rule.by] : undefined;
			const chosen = typeof name === 'string' && Object.hasOwn(rule.of, name) ? rule.of[name] : undefined;
			if (chosen) yield* faultsBy(chosen, value, path);
			else yield { code: 'kind_unknown', path: [...path, rule.by] };
		}
	}
}

type Wrong = (code: FaultCode, limit?: number) => Fault;

function* textFaults({ empty, max, long, like }: TextRule, value: string, wrong: Wrong): Generator<Fault> {
	if (value.includes('\0') || !value.isWellFormed()) yield wrong('characters_invalid');
	else if (empty && BLANK.test(value)) yield wrong(empty);
	else if (lengthOf(value) > max) yield wrong(long, max);
	else if (like && !new RegExp(like.pattern, 'u').test(value)) yield wrong(like.fault);
}

/** Characters as people and the database count them. No text of n UTF-16 units has more than n, or fewer than n / 2. */
export function lengthOf(text: string): number {
	let length = 0;
	for (const _ of text) length++;
	return length;
}

function* numberFaults({ min, max, whole, low, high }: NumberRule, value: unknown, wrong: Wrong): Generator<Fault> {
	if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
		yield wrong('value_invalid');
	else if (value < min) yield wrong(low, min);
	else if (value > max) yield wrong(high, max);
}

function* listFaults(
	{ min, max, few, many, of, differ = [] }: ListRule,
	list: unknown[],
	path: Path
): Generator<Fault> {
	if (list.length < min) yield { code: few, path, limit: min };
	else if (list.length > max) yield { code: many, path, limit: max };
	for (const [index, item] of list.entries()) yield* faultsBy(of, item, [...path, index]);
	for (const { at, fault } of differ) {
		const seen = new Set<unknown>();
		for (const [index, item] of list.entries()) {
			const key = at.reduce((part: unknown, name) => (isObject(part) ? part[name] : undefined), item);
			if (typeof key !== 'string') continue;
			if (seen.has(key)) yield { code: fault, path: [...path, index, ...at] };
			seen.add(key);
		}
	}
}

function* objectFaults(rule: ObjectRule, value: Record<string, unknown>, path: Path): Generator<Fault> {
	for (const name of Object.keys(value))
		if (!rule.names.includes(name) && isThere(value[name])) yield { code: 'field_unknown', path: [...path, name] };
	for (const { name, rule: inner, missing } of rule.fields) {
		if (isThere(value[name])) yield* faultsBy(inner, value[name], [...path, name]);
		else if (missing) yield { code: missing, path: [...path, name] };
	}
	yield* structureFaults(rule, value, path);
}

/** Null says the same as nothing, so that forms may keep every field they show. */
export const isThere = (value: unknown): boolean => value !== undefined && value !== null;

export const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** `Audio/OGG; codecs=opus` is `audio/ogg`. */
export const bareType = (mimeType: string): string =>
	(mimeType.split(';')[0] ?? '').replace(/^ +| +$/g, '').toLowerCase();

const isIndex = (value: unknown): boolean =>
	typeof value === 'number'
		? Number.isInteger(value) && value >= 0 && value <= 9
		: typeof value === 'string' && /^[0-9]$/.test(value);
