import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../service.ts';
import { DatabaseUnavailable } from './authorization.ts';
import { parseExactly } from './exact_json.ts';
import { isObject, type Broadcast } from './frames.ts';
import type { Hub } from './hub.ts';
import { persist } from './persist.ts';
import { readToken, TokenRefused, type Bearer } from './token.ts';

interface Sent extends Broadcast {
	topic: string;
	isPrivate: boolean;
	persist: boolean;
}

class RequestRefused extends Error {
	readonly status: number;
	readonly body: object;
	constructor(status: number, body: object) {
		super(JSON.stringify(body));
		this.status = status;
		this.body = body;
	}
}

/** Sending without a socket: `POST /api/broadcast` with a batch, or `POST /api/broadcast/<topic>/events/<event>`. */
export async function handleHttp(
	hub: Hub,
	request: IncomingMessage,
	response: ServerResponse,
	context: RequestContext
): Promise<void> {
	try {
		const single = /^\/api\/broadcast\/([^/]+)\/events\/([^/]+)\/?$/.exec(context.url.pathname);
		const batch = /^\/api\/broadcast\/?$/.test(context.url.pathname);
		if ((!single && !batch) || request.method !== 'POST') throw new RequestRefused(404, { message: 'Not found' });
		if (context.token === null) throw new RequestRefused(401, { message: 'Unauthorized' });
		const bearer = await readToken(hub.jwt, context.token);
		const body = await readBody(request, hub.limits.payloadBytes);

		if (single) {
			const [, topic = '', event = ''] = single.map((part) => decodeURIComponent(part));
			const sent = readSingle(topic, event, request, context.url.searchParams, body);
			if (!(await send(hub, bearer, sent))) throw new RequestRefused(403, { message: 'Unauthorized' });
		} else {
			// of a batch, what may not be sent is dropped without a word, as on a hosted project
			for (const sent of readBatch(body)) await send(hub, bearer, sent);
		}
		response.writeHead(202).end();
	} catch (error) {
		const { status, body } = explain(error);
		if (!request.complete) response.setHeader('Connection', 'close');
		response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
	}
}

async function send(
	hub: Hub,
	bearer: Bearer,
	{ topic, isPrivate, persist: kept, ...broadcast }: Sent
): Promise<boolean> {
	if (isPrivate && !(await hub.authorization.write(topic, bearer, 'broadcast'))) return false;
	hub.topics.broadcast(topic, isPrivate, broadcast);
	return !kept || persist(hub.pool, topic, bearer, broadcast);
}

function readSingle(
	topic: string,
	event: string,
	request: IncomingMessage,
	query: URLSearchParams,
	body: Buffer
): Sent {
	const json = !(request.headers['content-type'] ?? '').startsWith('application/octet-stream');
	if (json) parse(body);
	const isPrivate = query.get('private') === 'true';
	const kept = query.has('persist') || query.has('persist[ttl]');
	if (kept && !isPrivate) throw new RequestRefused(422, { message: 'A message on a public channel can not be stored' });
	return { topic, event, isPrivate, persist: kept, json, body };
}

function readBatch(body: Buffer): Sent[] {
	const parsed = parse(body);
	const messages = isObject(parsed) ? parsed['messages'] : undefined;
	if (!Array.isArray(messages)) throw new RequestRefused(422, { errors: { messages: ["can't be blank"] } });
	const sent: Sent[] = [];
	const errors = messages.map((message: unknown) => {
		const fields = isObject(message) ? message : {};
		const { topic, event, payload } = fields;
		const missing: Record<string, string[]> = {};
		if (typeof topic !== 'string' || topic === '') missing['topic'] = ["can't be blank"];
		if (typeof event !== 'string' || event === '') missing['event'] = ["can't be blank"];
		if (payload === undefined || payload === null) missing['payload'] = ["can't be blank"];
		if (typeof topic === 'string' && typeof event === 'string') {
			const meta = typeof fields['id'] === 'string' ? { meta: { id: fields['id'] } } : {};
			const text = Buffer.from(JSON.stringify(payload ?? null));
			sent.push({
				topic,
				event,
				isPrivate: fields['private'] === true,
				persist: false,
				json: true,
				body: text,
				...meta
			});
		}
		return missing;
	});
	if (errors.some((missing) => Object.keys(missing).length > 0))
		throw new RequestRefused(422, { errors: { messages: errors } });
	return sent;
}

function parse(body: Buffer): unknown {
	try {
		return parseExactly(body.toString());
	} catch {
		throw new RequestRefused(400, { message: 'The body is not JSON' });
	}
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > limit) throw new RequestRefused(413, { message: 'Payload size exceeds the limit' });
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

function explain(error: unknown): { status: number; body: object } {
	if (error instanceof RequestRefused) return error;
	if (error instanceof TokenRefused) return { status: 401, body: { message: error.message } };
	if (error instanceof URIError) return { status: 400, body: { message: 'Bad request address' } };
	if (error instanceof DatabaseUnavailable)
		return { status: 503, body: { message: 'Realtime was unable to connect to the project database' } };
	throw error;
}
