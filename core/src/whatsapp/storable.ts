/** Deeper than any document Meta sends; Postgres' own jsonb parser gives up near 6,000 levels, JSON.stringify near 8,000. */
const DEEPEST = 64;

/**
 * The same JSON value as Postgres can keep it: no NUL (jsonb refuses \u0000), no lone surrogate (made U+FFFD), keys
 * included, and no nesting beyond DEEPEST. Returns the value itself when nothing has to change, which is nearly always.
 */
export function storable(value: unknown, depth = 0): unknown {
	if (typeof value === 'string') return storableText(value);
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value === 'boolean') return value;
	if (typeof value !== 'object' || value === null) return null;
	if (depth >= DEEPEST) return '[nested too deep]';
	return Array.isArray(value) ? storableList(value, depth) : storableObject(value, depth);
}

/** Text without NUL and with every lone surrogate replaced by U+FFFD. */
export function storableText(text: string): string {
	const whole = text.isWellFormed() ? text : text.toWellFormed();
	return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}

function storableList(list: unknown[], depth: number): unknown[] {
	let copy: unknown[] | null = null;
	for (let index = 0; index < list.length; index++) {
		const item = storable(list[index], depth + 1);
		if (item !== list[index]) (copy ??= [...list])[index] = item;
	}
	return copy ?? list;
}

function storableObject(object: object, depth: number): object {
	let changed = false;
	const entries = Object.entries(object);
	for (const entry of entries) {
		const key = storableText(entry[0]);
		const item = storable(entry[1], depth + 1);
		if (key !== entry[0] || item !== entry[1]) changed = true;
		entry[0] = key;
		entry[1] = item;
	}
	// fromEntries defines properties, so a key named __proto__ stays a key
	return changed ? Object.fromEntries(entries) : object;
}
