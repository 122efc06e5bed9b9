import { RE2JS } from 're2js';

/**
 * Patterns that authors write, by RE2: linear in the text, whatever the pattern. JavaScript's own would hang on
 * `(a+)+$`, and with it every conversation of the worker.
 */
const known = new Map<string, RE2JS | null>();
const REMEMBERED = 500;

function compiled(pattern: string): RE2JS | null {
	let found = known.get(pattern);
	if (found === undefined) {
		try {
			found = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
		} catch {
			found = null;
		}
		if (known.size >= REMEMBERED) known.clear();
		known.set(pattern, found);
	}
	return found;
}

export const isPattern = (pattern: string): boolean => pattern.length <= 500 && compiled(pattern) !== null;

/** Whether the whole text fits a pattern; in any case of letters. */
export const fitsPattern = (pattern: string, text: string): boolean =>
	compiled(pattern)?.matches(text.slice(0, 5_000)) ?? false;

/** Whether a pattern is found somewhere in the text. */
export const findsPattern = (pattern: string, text: string): boolean =>
	compiled(pattern)?.matcher(text.slice(0, 5_000)).find() ?? false;
