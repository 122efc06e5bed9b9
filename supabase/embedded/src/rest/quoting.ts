/**
 * The only place where text becomes SQL. Names and the few constants that must stand in the statement itself go through
 * here; every value of a caller travels as a parameter of the statement and never becomes SQL at all.
 */

/** A name as an SQL identifier: `we"ird` becomes `"we""ird"`. */
export function identifier(name: string): string {
	return `"${storable(name).replaceAll('"', '""')}"`;
}

/** A name in a schema: `"public"."contacts"`. */
export function qualified(schema: string, name: string): string {
	return `${identifier(schema)}.${identifier(name)}`;
}

/** A text constant, read the same whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
	const quoted = `'${storable(text).replaceAll("'", "''")}'`;
	return quoted.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Elements as Postgres reads an array from text: `{"a","b,c"}`. Goes into a parameter, not into a statement. */
export function arrayText(elements: readonly string[]): string {
	return `{${elements.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Postgres stores no NUL and no half of a surrogate pair: cut there, and replace those, rather than fail in the wire. */
function storable(text: string): string {
	const nul = text.indexOf('\0');
	return (nul === -1 ? text : text.slice(0, nul)).toWellFormed();
}

/** Collects the values of one statement; `bind` gives the placeholder to write in their place. */
export class Values {
	readonly list: (string | null)[] = [];

	bind(value: string | null): string {
		this.list.push(value);
		return `$${this.list.length}`;
	}
}
