/** An object read from JSON of which nothing is known yet. */
export type Fields = Record<string, unknown>;

/** The value when it is a JSON object, else null. */
export function fieldsOf(value: unknown): Fields | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The items when the value is a list, else none. */
export function itemsOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

/** Text or a number as text; null when there is none. Meta writes '' for "unknown", so '' counts as none. */
export function textOf(value: unknown): string | null {
	if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
	return typeof value === 'number' ? String(value) : null;
}
