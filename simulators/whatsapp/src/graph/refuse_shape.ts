import type { z } from 'zod';
import { badParameter, documented, type GraphError } from './error.ts';

/** `text`, `body` → `text['body']`, the way Graph names a parameter. */
function named(path: readonly PropertyKey[]): string {
	return path
		.map((part, index) => (index === 0 ? String(part) : typeof part === 'number' ? `[${part}]` : `['${String(part)}']`))
		.join('');
}

/**
 * Graph's refusal for the first thing a schema found wrong: the wording of code 100 for shape, 131009 with details for
 * values that a check of ours marked so.
 */
export function refuseShape(issue: z.core.$ZodIssue, under: readonly string[] = []): GraphError {
	const parameter = named([...under, ...issue.path]);
	switch (issue.code) {
		case 'custom':
			return documented(Number(issue.params?.['code'] ?? 131009), issue.message);
		case 'unrecognized_keys': {
			const [key = ''] = issue.keys;
			return badParameter(
				parameter === '' ? `Unexpected key "${key}"` : `Unexpected key "${key}" on param "${parameter}".`
			);
		}
		case 'invalid_type':
			return issue.input === undefined
				? badParameter(`The parameter ${parameter} is required.`)
				: badParameter(`Param ${parameter} must be ${article(issue.expected)}.`);
		case 'too_big':
			return badParameter(
				issue.origin === 'string'
					? `Param ${parameter} must be at most ${issue.maximum} characters long.`
					: `Param ${parameter} must be at most ${issue.maximum}.`
			);
		case 'too_small':
			return badParameter(
				issue.origin === 'string'
					? `The parameter ${parameter} is required.`
					: `Param ${parameter} must be at least ${issue.minimum}.`
			);
		case 'invalid_value': {
			const allowed = issue.values.map((value) => String(value).toUpperCase()).join(', ');
			return badParameter(
				issue.input === undefined
					? `The parameter ${parameter} is required.`
					: `Param ${parameter} must be one of {${allowed}} - got ${JSON.stringify(issue.input)}.`
			);
		}
		default:
			return badParameter(`Param ${parameter} is not valid.`);
	}
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
