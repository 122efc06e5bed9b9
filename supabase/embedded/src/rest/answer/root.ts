import type { Answer } from '../answer.ts';
import { RestError } from '../errors.ts';
import { describeSchema, PRIVILEGES_SQL, type Privileges } from '../openapi.ts';
import type { Call } from '../request/call.ts';
import { acceptsOpenApi, notAcceptable } from '../request/media.ts';
import { run, type Resources } from '../run.ts';
import { allow, profileHeader } from './headers.ts';

/** The description of the whole schema. */
export async function answerRoot(resources: Resources, call: Call): Promise<Answer> {
	if (call.method === 'OPTIONS') return allow('OPTIONS,GET,HEAD');
	if (call.method !== 'GET' && call.method !== 'HEAD')
		throw new RestError(405, 'PGRST117', `Unsupported HTTP method: ${call.method}`);
	const { accept } = call.headers;
	if (!acceptsOpenApi(accept)) throw notAcceptable(accept ?? '');
	const statement = { text: PRIVILEGES_SQL, values: [call.schema] };
	const { row } = await run(resources, call, statement, { readOnly: true });
	const privileges = JSON.parse(row[0] ?? '{}') as Privileges & { comment: string | null };
	return {
		status: 200,
		headers: { 'Content-Type': 'application/openapi+json; charset=utf-8', ...profileHeader(call) },
		body: JSON.stringify(describeSchema(resources.source.cache, call.schema, privileges))
	};
}
