/** A number JavaScript would round: Meta writes some ids without quotes. */
const LONG_NUMBER = /[[:,]\s*-?\d{16,}/;

/**
 * A webhook's body as JSON. Whole numbers beyond 2^53 come as text, so that no id is rounded.
 * Throws SyntaxError when it is not JSON.
 */
export function readBody(text: string): unknown {
	return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
	if (typeof value !== 'number' || Number.isSafeInteger(value) || context?.source === undefined) return value;
	return /^-?\d+$/.test(context.source) ? context.source : value;
}
