import { withResponseSettings, type Answer } from '../answer.ts';
import type { Relation } from '../cache/schema_cache.ts';
import { planRead } from '../plan/plan.ts';
import { RESULT } from '../plan/statement.ts';
import { readParams, type Call } from '../request/call.ts';
import { negotiateMedia } from '../request/media.ts';
import { outOfBounds, rangeStatus } from '../request/range.ts';
import { notSingle, run, type Resources } from '../run.ts';
import { applied, contentHeaders } from './headers.ts';
import { totalOf } from './total.ts';

/** GET and HEAD on a table or view. */
export async function answerRead(resources: Resources, call: Call, relation: Relation): Promise<Answer> {
	const request = {
		cache: resources.source.cache,
		maxRows: resources.maxRows,
		schema: call.schema,
		prefer: call.prefer,
		media: negotiateMedia(call.headers.accept),
		params: readParams(call, true, false)
	};
	const statement = planRead(request, relation, call.method === 'HEAD');
	const { row, estimate } = await run(resources, call, statement, { readOnly: true });
	const rows = Number(row[RESULT.rows]);
	if (request.media.kind === 'object' && rows !== 1) throw notSingle(rows);
	const total = totalOf(row, estimate, call.prefer, resources.maxRows);
	const { status, contentRange } = rangeStatus(statement.offset, rows, total);
	if (status === 416) throw outOfBounds(statement.offset, total ?? 0);
	const location = `/${encodeURIComponent(relation.name)}${[...call.search].length > 0 ? `?${sortedQuery(call.search)}` : ''}`;
	return withResponseSettings(
		{
			status,
			headers: {
				...contentHeaders(call, request.media),
				'Content-Range': contentRange,
				'Content-Location': location,
				...applied(call.prefer, ['count', 'tx', 'handling', 'timezone'])
			},
			body: row[RESULT.body] ?? null
		},
		row
	);
}

function sortedQuery(search: URLSearchParams): string {
	const sorted = new URLSearchParams(search);
	sorted.sort();
	return sorted.toString();
}
