import type { IncomingMessage } from 'node:http';
import type { RequestContext } from '../service.ts';
import { answerFunction } from './answer/function.ts';
import { allow } from './answer/headers.ts';
import { answerMutation } from './answer/mutation.ts';
import { answerRead } from './answer/read.ts';
import { answerRoot } from './answer/root.ts';
import type { Answer } from './answer.ts';
import type { Relation } from './cache/schema_cache.ts';
import { RestError } from './errors.ts';
import { findRelation, type Mutation } from './plan/plan.ts';
import { readCall, type Call } from './request/call.ts';
import type { Resources } from './run.ts';

const MUTATIONS: Record<string, Mutation> = { POST: 'insert', PATCH: 'update', PUT: 'put', DELETE: 'delete' };
const NOT_FOUND_CODES = new Set(['PGRST200', 'PGRST202', 'PGRST204', 'PGRST205']);

/** Answers one request. Throws RestError for whatever is the caller's fault or the database's. */
export async function answerRequest(
	resources: Resources,
	request: IncomingMessage,
	context: RequestContext
): Promise<Answer> {
	const call = await readCall(resources.schemas, request, context);
	try {
		return await answerCall(resources, call);
	} catch (error) {
		// what isn't there may be about to be: a migration has just told us to look again
		if (!(error instanceof RestError && NOT_FOUND_CODES.has(error.body.code) && resources.source.reloading))
			throw error;
		await resources.source.reloading;
		return answerCall(resources, call);
	}
}

async function answerCall(resources: Resources, call: Call): Promise<Answer> {
	const [first = '', second, ...others] = call.path.slice(1).split('/').map(decodeSegment);
	if (first === 'rpc' && second !== undefined && others.length === 0) return answerFunction(resources, call, second);
	if (second !== undefined) throw new RestError(404, 'PGRST125', 'Invalid path specified in request URL');
	if (first === '') return answerRoot(resources, call);
	const relation = findRelation(resources.source.cache, call.schema, first);
	if (call.method === 'GET' || call.method === 'HEAD') return answerRead(resources, call, relation);
	if (call.method === 'OPTIONS') return allow(allowedMethods(relation));
	const mutation = MUTATIONS[call.method];
	if (!mutation) throw new RestError(405, 'PGRST117', `Unsupported HTTP method: ${call.method}`);
	return answerMutation(resources, call, relation, mutation);
}

function decodeSegment(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		throw new RestError(404, 'PGRST125', 'Invalid path specified in request URL');
	}
}

function allowedMethods(relation: Relation): string {
	return [
		'OPTIONS,GET,HEAD',
		...(relation.insertable ? ['POST'] : []),
		...(relation.insertable && relation.updatable && relation.primaryKey.length > 0 ? ['PUT'] : []),
		...(relation.updatable ? ['PATCH'] : []),
		...(relation.deletable ? ['DELETE'] : [])
	].join(',');
}
