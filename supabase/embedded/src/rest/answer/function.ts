import { withResponseSettings, type Answer } from '../answer.ts';
import type { FunctionRow } from '../cache/catalogue.ts';
import { RestError } from '../errors.ts';
import type { Params } from '../parse/params.ts';
import type { CallArguments } from '../plan/call_sql.ts';
import { findFunction } from '../plan/find_function.ts';
import { planCall } from '../plan/plan.ts';
import { RESULT } from '../plan/statement.ts';
import { readParams, type Call } from '../request/call.ts';
import { negotiateMedia } from '../request/media.ts';
import { parsePayload, type Payload } from '../request/payload.ts';
import { outOfBounds, rangeStatus } from '../request/range.ts';
import { run, type Resources } from '../run.ts';
import { allow, applied, contentHeaders } from './headers.ts';
import { totalOf } from './total.ts';

/** A function's call, by GET, HEAD or POST. */
export async function answerFunction(resources: Resources, call: Call, name: string): Promise<Answer> {
	const { method } = call;
	const reads = method === 'GET' || method === 'HEAD';
	if (!reads && method !== 'POST' && method !== 'OPTIONS')
		throw new RestError(405, 'PGRST101', `Cannot use the ${method} method on RPC`);
	const params = readParams(call, reads, reads);
	const { row: found, args } = chooseFunction(resources, call, name, params);
	if (method === 'OPTIONS') return allow(found.volatility === 'v' ? 'OPTIONS,POST' : 'OPTIONS,GET,HEAD,POST');

	const request = {
		cache: resources.source.cache,
		maxRows: resources.maxRows,
		schema: call.schema,
		prefer: call.prefer,
		media: negotiateMedia(call.headers.accept),
		params: params
	};
	const statement = planCall(request, found, args, method === 'HEAD');
	const { row } = await run(resources, call, statement, {
		readOnly: reads || found.volatility !== 'v',
		settings: transactionSettings(found)
	});
	const rows = Number(row[RESULT.rows]);
	const total = totalOf(row, null, call.prefer, resources.maxRows);
	const { status, contentRange } = rangeStatus(statement.offset, rows, total);
	if (status === 416) throw outOfBounds(statement.offset, total ?? 0);
	return withResponseSettings(
		{
			status: found.returns_void ? 204 : status,
			headers: {
				...(found.returns_void ? {} : contentHeaders(call, request.media)),
				'Content-Range': contentRange,
				...applied(call.prefer, ['count', 'tx', 'handling', 'timezone', 'max-affected'])
			},
			body: row[RESULT.body] ?? null
		},
		row
	);
}

function chooseFunction(
	{ source }: Resources,
	call: Call,
	name: string,
	params: Params
): { row: FunctionRow; args: CallArguments } {
	if (call.method !== 'POST') {
		const names = [...new Set(params.args.map(([key]) => key))];
		return {
			row: findFunction(source.cache, call.schema, name, names, undefined),
			args: { kind: 'named', pairs: params.args }
		};
	}
	const payload = parsePayload(call.body, call.headers['content-type'], 'function', params.columns);
	const row = findFunction(
		source.cache,
		call.schema,
		name,
		argumentNames(payload),
		payload.kind === 'raw' ? payload.type : 'json'
	);
	return { row, args: { kind: 'body', payload } };
}

function argumentNames(payload: Payload): string[] {
	if (payload.kind === 'raw') return [];
	return payload.kind === 'json' ? payload.keys : [...new Set(payload.fields.map(([key]) => key))];
}

/** Settings of a function that must hold before it begins, or would come too late. */
function transactionSettings({ settings }: FunctionRow): Record<string, string> {
	const names = ['statement_timeout', 'default_transaction_isolation'];
	return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}
