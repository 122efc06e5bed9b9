import pg from 'pg';

/** One comparison of a `filter`: `status=not.in.(open,closed)`. */
export interface Condition {
	column: string;
	negated: boolean;
	operator: string;
	value: string | string[];
}

/** A filter that can't be read or doesn't fit the table; the message is for the client. */
export class FilterRefused extends Error {
	override name = 'FilterRefused';
}

const OPERATORS: Record<string, string> = {
	eq: '=',
	neq: '<>',
	lt: '<',
	lte: '<=',
	gt: '>',
	gte: '>=',
	like: 'like',
	ilike: 'ilike',
	match: '~',
	imatch: '~*',
	isdistinct: 'is distinct from'
};
const IS = ['null', 'true', 'false', 'unknown'];
const MOST_VALUES = 100;

/** Reads comparisons joined by commas, all of which a row must pass. Values are quoted as PostgREST quotes them. */
export function parseFilter(text: string): Condition[] {
	return split(text.trim()).map((part) => {
		const [, column, not, operator, value] = /^\s*([^=]+)=(not\.)?([a-z]+)\.(.*)$/s.exec(part) ?? [];
		const refuse = () => new FilterRefused(`Error parsing \`filter\` params: ${JSON.stringify(part.trim())}`);
		if (column === undefined || operator === undefined || value === undefined) throw refuse();
		const condition = { column: column.trim(), negated: not !== undefined, operator };
		if (operator === 'in') {
			const list = /^\((.*)\)$/s.exec(value)?.[1];
			if (list === undefined || list === '') throw refuse();
			const values = split(list).map(unquote);
			if (values.length > MOST_VALUES)
				throw new FilterRefused(`too many values for \`in\` filter. Maximum ${MOST_VALUES}`);
			return { ...condition, value: values };
		}
		if (operator === 'is' ? !IS.includes(value.toLowerCase()) : !Object.hasOwn(OPERATORS, operator)) throw refuse();
		return { ...condition, value: operator === 'is' ? value.toLowerCase() : unquote(value) };
	});
}

/** The same as an SQL condition on row `r`; `typeOf` names the type of a column that may be compared. */
export function filterSql(conditions: Condition[], typeOf: (column: string) => string | undefined): string {
	return conditions
		.map(({ column, negated, operator, value }) => {
			const type = typeOf(column);
			if (type === undefined) throw new FilterRefused(`invalid column for filter ${column}`);
			const left = `r.${pg.escapeIdentifier(column)}`;
			const literal = (text: string) => `${pg.escapeLiteral(text)}::${type}`;
			const test = Array.isArray(value)
				? `${left} in (${value.map(literal).join(', ')})`
				: operator === 'is'
					? `${left} is ${value}`
					: `${left} ${OPERATORS[operator]} ${literal(value)}`;
			return negated ? `not (${test})` : `(${test})`;
		})
		.join(' and ');
}

/** Splits at commas that stand outside quotes and parentheses. */
function split(text: string): string[] {
	const parts = [''];
	let depth = 0;
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const char = text.charAt(i);
		if (quoted && char === '\\') {
			parts[parts.length - 1] += char + text.charAt(++i);
			continue;
		}
		if (char === '"' && (quoted || i === 0 || /[.,(]/.test(text.charAt(i - 1)))) quoted = !quoted;
		else if (!quoted && char === '(') depth++;
		else if (!quoted && char === ')') depth--;
		else if (!quoted && char === ',' && depth <= 0) {
			parts.push('');
			continue;
		}
		parts[parts.length - 1] += char;
	}
	return parts;
}

function unquote(value: string): string {
	return /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}
