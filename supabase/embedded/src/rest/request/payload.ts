import { RestError } from '../errors.ts';
import { parseCsv } from './csv.ts';

/** A request's body. JSON goes to Postgres as it came: parsed here only to learn its keys, so no number loses digits. */
export type Payload =
	| { kind: 'json'; raw: string; isArray: boolean; keys: string[] }
	/** A form's fields, for a function's arguments. */
	| { kind: 'form'; fields: [string, string][] }
	/** Text, XML or bytes, for a function with a single unnamed parameter. */
	| { kind: 'raw'; type: 'text' | 'xml' | 'bytea'; raw: string };

/** Reads a body by its content type. With `columns` given, JSON isn't looked into. Throws PGRST102. */
export function parsePayload(
	body: Buffer,
	contentType: string | undefined,
	target: 'table' | 'function',
	columns: string[] | undefined
): Payload {
	const type = (contentType ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
	const text = () => body.toString('utf8');
	if (type === 'application/json' || type === '' || type.endsWith('+json')) {
		if (target === 'function' && body.length === 0) return { kind: 'json', raw: '{}', isArray: false, keys: [] };
		return jsonPayload(text(), target, columns);
	}
	if (type === 'text/csv') return csvPayload(text());
	if (type === 'application/x-www-form-urlencoded') {
		const fields = [...new URLSearchParams(text())];
		if (target === 'function') return { kind: 'form', fields };
		return jsonPayload(JSON.stringify(Object.fromEntries(fields)), target, columns);
	}
	if (target === 'function') {
		if (type === 'text/plain') return { kind: 'raw', type: 'text', raw: text() };
		if (type === 'text/xml') return { kind: 'raw', type: 'xml', raw: text() };
		if (type === 'application/octet-stream') return { kind: 'raw', type: 'bytea', raw: `\\x${body.toString('hex')}` };
	}
	throw invalid(`Content-Type not acceptable: ${type}`);
}

function jsonPayload(raw: string, target: 'table' | 'function', columns: string[] | undefined): Payload {
	if (raw === '' && columns === undefined) throw invalid('Empty or invalid json');
	let value: unknown;
	try {
		value = JSON.parse(raw);
	} catch {
		throw invalid('Empty or invalid json');
	}
	const isArray = Array.isArray(value);
	if (columns) return { kind: 'json', raw, isArray, keys: columns };
	const rows: unknown[] = isArray ? (value as unknown[]) : [value];
	const first = rows[0];
	const keys = isObject(first) ? Object.keys(first) : [];
	if (target === 'function') return { kind: 'json', raw, isArray, keys }; // of a list it takes the first object
	const known = new Set(keys); // a row may have very many, and a list would be searched for each of them
	if (!rows.every((row) => isObject(row) && sameKeys(row, known))) throw invalid('All object keys must match');
	return { kind: 'json', raw, isArray, keys };
}

function csvPayload(text: string): Payload {
	const [header = [], ...rows] = parseCsv(text);
	if (rows.some((row) => row.length !== header.length)) throw invalid('All lines must have same number of fields');
	const objects = rows.map((row) =>
		Object.fromEntries(header.map((name, i) => [name, row[i] === 'NULL' ? null : row[i]]))
	);
	return { kind: 'json', raw: JSON.stringify(objects), isArray: true, keys: header };
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameKeys(row: Record<string, unknown>, keys: Set<string>): boolean {
	let count = 0;
	for (const key in row) {
		if (!Object.hasOwn(row, key)) continue;
		count++;
		if (!keys.has(key)) return false;
	}
	return count === keys.size;
}

function invalid(message: string): RestError {
	return new RestError(400, 'PGRST102', message);
}
