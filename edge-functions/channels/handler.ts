import { CATALOGUE, isErrorCode, type ErrorCode } from '@prosa/core/errors/catalogue.ts';
import { SetupProblem } from '@prosa/core/whatsapp/setup/problem.ts';
import type { Limit } from './limit.ts';
import type { Person, WhoIs } from './person.ts';

/**
 * One thing the web may ask for, done in a person's name. The answer never holds a secret; a Response is one that streams.
 * Throws SetupProblem.
 */
export type Action<Needs> = (needs: Needs, person: Person, body: unknown) => Promise<object>;

export interface HandlerNeeds {
	whoIs: WhoIs;
	limit: Limit;
	/** In bytes; a form's where it isn't said. */
	largestBody?: number;
}

/** A form of few fields. */
const LARGEST_BODY = 16_384;

// Any origin: nothing here rides on a cookie, and a token of ours is needed for every call.
const CORS = {
	'access-control-allow-origin': '*',
	'access-control-allow-headers': 'authorization, x-client-info, apikey, content-type',
	'access-control-allow-methods': 'POST, OPTIONS',
	'access-control-max-age': '3600'
};

/**
 * Answers `POST …/<name>/<action>` of a signed-in person: 200 with what was found or done, otherwise
 * `{ code, message, details }` with a code of the catalogue. Writes no token anywhere: not into an answer, not into a log.
 */
export function createHandler<Needs extends HandlerNeeds>(
	name: string,
	actions: ReadonlyMap<string, Action<Needs>>,
	needs: Needs
): (request: Request) => Promise<Response> {
	return async (request) => {
		if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: CORS });
		try {
			return await answer(name, actions, needs, request);
		} catch (error) {
			if (error instanceof SetupProblem) return refuse(error.code, error.refusal);
			const code = codeOf(error);
			if (code) return refuse(code);
			// The message of a foreign error may quote what was sent: its name says enough.
			console.error(`${name} failed:`, error instanceof Error ? error.name : 'unknown');
			return Response.json(
				{ code: 'PT503', message: 'unknown', details: null },
				{ status: 503, headers: { ...CORS, 'retry-after': '5' } }
			);
		}
	};
}

async function answer<Needs extends HandlerNeeds>(
	name: string,
	actions: ReadonlyMap<string, Action<Needs>>,
	needs: Needs,
	request: Request
): Promise<Response> {
	const [, door, wanted = ''] = /\/([a-z]+)\/([a-z-]+)\/?$/.exec(new URL(request.url).pathname) ?? [];
	const action = door === name ? actions.get(wanted) : undefined;
	if (!action) return Response.json({ message: 'not found' }, { status: 404, headers: CORS });
	if (request.method !== 'POST') {
		return Response.json({ message: 'method not allowed' }, { status: 405, headers: { ...CORS, allow: 'POST' } });
	}
	const person = await needs.whoIs(request.headers.get('authorization'));
	if (person === null) return refuse('not_signed_in');
	if (!needs.limit.takes(person.id)) return refuse('rate_limited');

	const done = await action(needs, person, await bodyOf(request, needs.largestBody ?? LARGEST_BODY));
	if (done instanceof Response) {
		for (const [header, value] of Object.entries(CORS)) done.headers.set(header, value);
		return done;
	}
	return Response.json(done, { headers: { ...CORS, 'cache-control': 'no-store' } });
}

async function bodyOf(request: Request, largest: number): Promise<unknown> {
	if (Number(request.headers.get('content-length') ?? 0) > largest) return undefined;
	const text = await request.text();
	if (text.length > largest) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function refuse(code: ErrorCode, details: object | null = null): Response {
	const { status } = CATALOGUE[code];
	return Response.json({ code: `PT${status}`, message: code, details }, { status, headers: CORS });
}

/** The code the database refused with: `private.refuse` raises it as PTnnn. */
function codeOf(error: unknown): ErrorCode | null {
	if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return null;
	const message = String(error.message);
	return /^PT\d{3}$/.test(String(error.code)) && isErrorCode(message) ? message : null;
}
