import { LIMITS } from './limits.ts';

/** What a variable holds. JSON alone: it is kept in the run's row. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

export const VARIABLE_TYPES = ['text', 'number', 'boolean', 'date', 'list', 'object'] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

/** A run's own variables have bare names; the others say whose they are. */
export const SCOPES = ['run', 'contact', 'conversation', 'tenant'] as const;
export type Scope = (typeof SCOPES)[number];

/** Names that mean something of their own in texts and expressions. */
const RESERVED = new Set<string>([
	...SCOPES,
	...[
		'message',
		'now',
		'today',
		'true',
		'false',
		'null',
		'in',
		'has',
		'size',
		'int',
		'uint',
		'double',
		'string',
		'bool'
	],
	...['bytes', 'list', 'map', 'type', 'dyn', 'timestamp', 'duration', 'matches', 'optional', 'cel', 'as', 'break'],
	...['const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return'],
	...['var', 'void', 'while', 'constructor', 'prototype']
]);

const name = /^[a-z][a-z0-9_]{0,39}$/;
const key = /^[a-z][a-z0-9_]{0,39}$/;

export const isName = (text: string): boolean => name.test(text) && !RESERVED.has(text);

/** Facts that are read and never written, besides the attributes of contact and conversation. */
export const FACTS = {
	contact: ['name', 'first_name', 'phone', 'language', 'id'],
	conversation: ['id', 'channel_type', 'priority'],
	tenant: ['name'],
	message: ['text', 'kind']
} as const;

/** Whose variable a reference means and its key; null for what is no reference. */
export function referenceOf(text: string): { scope: Scope | 'message' | 'now' | 'today'; key: string } | null {
	if (text === 'now' || text === 'today') return { scope: text, key: '' };
	const dot = text.indexOf('.');
	if (dot < 0) return isName(text) ? { scope: 'run', key: text } : null;
	const scope = text.slice(0, dot);
	const rest = text.slice(dot + 1);
	if (!key.test(rest)) return null;
	if (scope === 'run') return isName(rest) ? { scope, key: rest } : null;
	return scope === 'contact' || scope === 'conversation' || scope === 'tenant' || scope === 'message'
		? { scope, key: rest }
		: null;
}

/** Whether a flow may write there: a variable of the run, or an attribute that is no fact. */
export function isWritable(text: string): boolean {
	const reference = referenceOf(text);
	if (reference?.scope === 'run') return true;
	if (reference?.scope !== 'contact' && reference?.scope !== 'conversation') return false;
	return !(FACTS[reference.scope] as readonly string[]).includes(reference.key);
}

/** A value as text, for messages: truths as words, lists with commas, numbers with a comma for the decimals. */
export function textOf(value: Value | undefined): string {
	if (value === null || value === undefined) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value).replace('.', ',');
	if (typeof value === 'boolean') return value ? 'sim' : 'não';
	if (Array.isArray(value)) return value.map(textOf).join(', ');
	return JSON.stringify(value);
}

/** A value cut to what a variable may hold. What is no JSON becomes null. */
export function bounded(value: unknown, depth = 0): Value {
	switch (typeof value) {
		case 'boolean':
			return value;
		case 'number':
			return Number.isFinite(value) ? value : null;
		case 'bigint':
			return Number(value);
		case 'string':
			return clean(value.length > LIMITS.text ? value.slice(0, LIMITS.text) : value);
		case 'object':
			if (value === null || depth >= 6) return null;
			if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
			if (Array.isArray(value)) return value.slice(0, LIMITS.list).map((item) => bounded(item, depth + 1));
			return Object.fromEntries(
				(value instanceof Map ? [...value] : Object.entries(value))
					.slice(0, LIMITS.list)
					.filter(([name]) => typeof name === 'string' && name !== '__proto__')
					.map(([name, item]) => [clean(String(name)), bounded(item, depth + 1)])
			);
		default:
			return null;
	}
}

/** Postgres keeps neither NUL nor half a character. */
const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** A value as a declared type; null where it is none. */
export function asType(value: Value, type: VariableType): Value {
	if (value === null) return null;
	switch (type) {
		case 'text':
			return textOf(value);
		case 'number': {
			if (typeof value === 'boolean') return Number(value);
			const number = typeof value === 'string' && value.trim() !== '' ? Number(value.replace(',', '.')) : value;
			return typeof number === 'number' && Number.isFinite(number) ? number : null;
		}
		case 'boolean':
			return typeof value === 'boolean' ? value : value !== '' && value !== 0 && value !== 'false' && value !== 'não';
		case 'date':
			return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
		case 'list':
			return Array.isArray(value) ? value : [value];
		case 'object':
			return typeof value === 'object' && !Array.isArray(value) ? value : null;
	}
}
