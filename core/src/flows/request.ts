import { climbs } from '../modules/address.ts';
import type { HttpRequest } from './effects.ts';
import { asAddress, asJson, fill, type Lookup } from './template.ts';
import { textOf, type Value } from './variables.ts';

/** Scheme and host stand as written: no variable ever chooses whom we call. */
const fixedOrigin = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#]|$)/i;

export const hasFixedOrigin = (url: string): boolean => fixedOrigin.test(url);

/** What may stand behind the address of a connection. */
export const isPath = (url: string): boolean =>
	/^\/[^\s\\]*$/.test(url.replace(/\{\{[^{}\n]*\}\}/g, '')) && !climbs(routeOf(url));

const routeOf = (url: string): string => url.split(/[?#]/)[0] ?? '';

interface Wanted {
	method: string;
	url: string;
	connection?: string | null;
	headers: { name: string; value: string }[];
	body: string;
	seconds: number;
	retries: number;
}

/** A request with its variables filled in; null where its address is none. */
export function requestOf(
	{ method, url, connection, headers, body, seconds, retries }: Wanted,
	lookup: Lookup
): HttpRequest | null {
	if (connection ? !isPath(url) : !hasFixedOrigin(url)) return null;
	const address = fill(url, lookup, asAddress);
	if (!connection && !URL.canParse(address)) return null;
	// What a customer writes chooses no folder: dots that climb are not escaped by an address.
	if (climbs(routeOf(address)) && !climbs(routeOf(url))) return null;
	const named = headers.map(
		({ name, value }) => [name.toLowerCase(), fill(value, lookup, textOf).replace(/[\r\n\0]+/g, ' ')] as const
	);
	const isJson = /^\s*[[{]/.test(body);
	return {
		method,
		url: address,
		headers: { ...(isJson && { 'content-type': 'application/json' }), ...Object.fromEntries(named) },
		body: method === 'GET' ? '' : fill(body, lookup, isJson ? asJson : textOf),
		seconds,
		retries,
		...(connection ? { connection } : {})
	};
}

/** What stands at `data.items[0].name` of an answer; null where nothing does. */
export function at(body: Value, path: string): Value {
	let value: Value = body;
	for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d{1,4})\]/g)) {
		if (typeof value !== 'object' || value === null) return null;
		const key = index ?? name ?? '';
		value = Array.isArray(value)
			? (value[Number(key)] ?? null)
			: Object.hasOwn(value, key)
				? (value[key] ?? null)
				: null;
	}
	return value;
}
