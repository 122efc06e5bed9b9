import { withResponseSettings, type Answer } from '../answer.ts';
import type { Relation } from '../cache/schema_cache.ts';
import { RestError } from '../errors.ts';
import type { Params } from '../parse/params.ts';
import { planMutation, type Mutation } from '../plan/plan.ts';
import { RESULT, type ResultRow } from '../plan/statement.ts';
import { readParams, type Call } from '../request/call.ts';
import { negotiateMedia } from '../request/media.ts';
import { parsePayload } from '../request/payload.ts';
import type { Prefer } from '../request/prefer.ts';
import { run, type Resources } from '../run.ts';
import { applied, contentHeaders } from './headers.ts';

/** POST, PATCH, PUT and DELETE on a table or view. */
export async function answerMutation(
	resources: Resources,
	call: Call,
	relation: Relation,
	mutation: Mutation
): Promise<Answer> {
	const params = readParams(call, false, false);
	const payload =
		mutation === 'delete' ? undefined : parsePayload(call.body, call.headers['content-type'], 'table', params.columns);
	if (payload && payload.kind !== 'json') throw new RestError(400, 'PGRST102', 'Content-Type not acceptable');
	const request = {
		cache: resources.source.cache,
		maxRows: resources.maxRows,
		schema: call.schema,
		prefer: call.prefer,
		media: negotiateMedia(call.headers.accept),
		params: params
	};
	const statement = planMutation(request, relation, mutation, payload);
	const { row } = await run(resources, call, statement, { put: mutation === 'put' });

	const { prefer } = call;
	const represents = prefer.return === 'representation';
	const rows = Number(row[RESULT.rows]);
	const counted = prefer.count === undefined ? '*' : String(rows);
	const range = mutation === 'update' && rows > 0 ? `0-${rows - 1}/${counted}` : `*/${counted}`;
	return withResponseSettings(
		{
			status: mutationStatus(mutation, prefer, represents, row),
			headers: {
				...(represents ? contentHeaders(call, request.media) : {}),
				...(mutation === 'put' ? {} : { 'Content-Range': range }),
				...locationHeader(relation, row),
				...applied(prefer, appliedNames(mutation, relation, params))
			},
			body: represents ? (row[RESULT.body] ?? null) : null
		},
		row
	);
}

function mutationStatus(mutation: Mutation, prefer: Prefer, represents: boolean, row: ResultRow): number {
	const inserted = row[RESULT.inserted] === null ? undefined : Number(row[RESULT.inserted]);
	if (mutation === 'insert') {
		const none = inserted === undefined ? row[RESULT.rows] === '0' : inserted <= 0;
		const onlyUpdated = prefer.resolution === 'merge-duplicates' && none;
		return onlyUpdated ? 200 : 201;
	}
	if (!represents) return 204;
	return mutation === 'put' && (inserted ?? 0) > 0 ? 201 : 200;
}

function appliedNames(mutation: Mutation, relation: Relation, params: Params): (keyof Prefer)[] {
	const common: (keyof Prefer)[] = ['return', 'count', 'tx', 'handling', 'timezone'];
	if (mutation === 'put') return common;
	if (mutation === 'delete') return [...common, 'max-affected'];
	if (mutation === 'update') return [...common, 'missing', 'max-affected'];
	const resolves = relation.primaryKey.length > 0 || params.onConflict !== undefined;
	return [...common, 'missing', ...(resolves ? (['resolution'] as const) : [])];
}

function locationHeader(relation: Relation, row: ResultRow): { Location?: string } {
	const location = row[RESULT.location];
	if (!location) return {};
	return {
		Location: `/${encodeURIComponent(relation.name)}?${new URLSearchParams(JSON.parse(location) as [string, string][])}`
	};
}
