type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const { rawJSON, parse } = JSON as unknown as {
	rawJSON(source: string): unknown;
	parse(text: string, reviver?: Reviver): unknown;
};

/** A number a double can't hold has more than 15 digits or an exponent. */
const SUSPICIOUS = /\d{16}|\d[\d.]{15}|\d[eE][+-]?\d/;

/**
 * JSON.parse whose numbers survive JSON.stringify: 9007199254740993 stays that and does not become …992. Such a number is
 * no `number` but an object to pass on. Throws SyntaxError as JSON.parse does.
 */
export function parseExactly(text: string): unknown {
	if (!SUSPICIOUS.test(text)) return JSON.parse(text);
	return parse(text, (_key, value, { source }) =>
		typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value
	);
}
