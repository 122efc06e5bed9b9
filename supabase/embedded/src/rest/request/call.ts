import type { IncomingMessage } from 'node:http';
import type { Claims } from '../../jwt.ts';
import type { RequestContext } from '../../service.ts';
import { RestError } from '../errors.ts';
import { parseParams, type Params } from '../parse/params.ts';
import { readBody } from './body.ts';
import { identify } from './caller.ts';
import { parsePrefer, type Prefer } from './prefer.ts';
import { applyRangeHeader } from './range.ts';

/** A request as far as its head says. */
export interface Call {
	method: string;
	headers: IncomingMessage['headers'];
	path: string;
	schema: string;
	/** Whether the answer names the schema, since there are several. */
	profiled: boolean;
	role: string;
	claims: Claims;
	prefer: Prefer;
	search: URLSearchParams;
	/** Read once: a plan may be made twice. */
	body: Buffer;
}

/** Reads who asks for what. Throws PGRST106 for a schema that isn't exposed, PGRST122, and what a token or body may throw. */
export async function readCall(schemas: string[], request: IncomingMessage, context: RequestContext): Promise<Call> {
	const { headers, method = 'GET' } = request;
	const identity = await identify(context);
	const reads = method === 'GET' || method === 'HEAD';
	const profile = headers[reads ? 'accept-profile' : 'content-profile'];
	const schema = (typeof profile === 'string' && profile) || (schemas[0] ?? 'public');
	if (!schemas.includes(schema))
		throw new RestError(406, 'PGRST106', `Invalid schema: ${schema}`, {
			hint: `Only the following schemas are exposed: ${schemas.join(', ')}`
		});
	const prefer = headers['prefer'];
	return {
		method,
		headers,
		path: context.url.pathname,
		schema,
		profiled: schemas.length > 1,
		...identity,
		prefer: parsePrefer(Array.isArray(prefer) ? prefer.join(',') : prefer),
		search: context.url.searchParams,
		body: reads || method === 'DELETE' || method === 'OPTIONS' ? Buffer.alloc(0) : await readBody(request)
	};
}

/** Reads the query string, and lets a Range header page what is read. */
export function readParams(call: Call, ranged: boolean, callsFunction: boolean): Params {
	const params = parseParams(call.search, callsFunction);
	const range = call.headers.range;
	if (ranged && call.method === 'GET') applyRangeHeader(params, range);
	return params;
}
