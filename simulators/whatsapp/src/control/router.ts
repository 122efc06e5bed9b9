import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { CannotDo } from '../customer/act.ts';
import { answerJson } from '../../../http/answer.ts';
import { BodyTooLarge, readBody } from '../../../http/body.ts';
import type { World } from '../world.ts';
import { NotThere } from './call.ts';
import { chatRoutes } from './chat_routes.ts';
import { coexistenceRoutes } from './coexistence_routes.ts';
import { networkRoutes } from './network_routes.ts';
import { numberRoutes } from './number_routes.ts';
import { peopleRoutes } from './people_routes.ts';
import { platformRoutes } from './platform_routes.ts';
import { templateRoutes } from './template_routes.ts';

/** Everything tests and the phone page can ask for. */
const routes = [
	...peopleRoutes,
	...chatRoutes,
	...templateRoutes,
	...platformRoutes,
	...numberRoutes,
	...coexistenceRoutes,
	...networkRoutes
];

/** Files travel as base64 inside JSON. */
const LARGEST_BODY = 40 * 1024 * 1024;

/** Answers `/_simulator/…`. Whoever calls it wrongly learns what is wrong, in plain words, with a 4xx. */
export async function handleControl(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	base: string
): Promise<void> {
	const path = url.pathname.slice('/_simulator'.length);
	const matching = routes.filter(({ pattern }) => pattern.test(path));
	const route = matching.find(({ method }) => method === request.method);
	if (!route) {
		answerJson(response, matching.length ? 405 : 404, {
			error: matching.length ? `${request.method} is not possible here` : `there is no ${path}`
		});
		request.resume();
		return;
	}
	try {
		const body = request.method === 'GET' ? null : await readJson(request);
		const params = (route.pattern.exec(path) ?? []).slice(1).map((part) => decodeURIComponent(part));
		const answer = await route.run({ world, query: url.searchParams, params, body, base, response });
		if (answer !== undefined) answerJson(response, route.creates ? 201 : 200, answer);
	} catch (error) {
		const refusal = explain(error);
		if (refusal === null) throw error;
		answerJson(response, refusal.status, { error: refusal.error });
		request.resume();
	}
}

/**
 * The JSON body; an empty one is `{}`. Another content type is refused: a form on a foreign page can send no JSON
 * without asking, so nobody drives the phone from elsewhere.
 */
async function readJson(request: IncomingMessage): Promise<unknown> {
	const bytes = await readBody(request, LARGEST_BODY);
	if (bytes.length === 0) return {};
	if (!/^application\/json/i.test(request.headers['content-type'] ?? '')) throw new CannotDo('send application/json');
	try {
		return JSON.parse(bytes.toString('utf8')) as unknown;
	} catch {
		throw new CannotDo('the body is not valid JSON');
	}
}

function explain(error: unknown): { status: number; error: string } | null {
	if (error instanceof NotThere) return { status: 404, error: error.message };
	if (error instanceof BodyTooLarge) return { status: 413, error: error.message };
	if (error instanceof CannotDo) return { status: 400, error: error.message };
	if (error instanceof z.ZodError) return { status: 400, error: error.issues.map(sentence).join('; ') };
	return null;
}

const sentence = (issue: z.core.$ZodIssue): string =>
	issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
