import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from '../../../http/answer.ts';
import { BodyTooLarge } from '../../../http/body.ts';
import { businessesOf } from '../state/business.ts';
import type { Template } from '../state/templates.ts';
import { outageAt } from '../state/faults.ts';
import type { World } from '../world.ts';
import { APP, debugToken, subscribedApps } from './apps.ts';
import type { GraphAnswer, GraphCall } from './call.ts';
import { badToken, documented, GraphError, unknownObject, unknownPath } from './error.ts';
import { deleteMedia, getMedia, mediaOf, uploadMedia } from './media.ts';
import { AnswerLost, postMessages } from './messages.ts';
import { getAccount, getPhoneNumber, listPhoneNumbers, register } from './phone_numbers.ts';
import { editTemplate, getTemplate, messageTemplates } from './templates.ts';
import { openUpload, takeUpload } from './uploads.ts';
import { isVersion } from './version.ts';

/** The bearer token, or the one in the query as Graph also takes it. */
export function tokenOf(request: IncomingMessage, query: URLSearchParams): string | null {
	const bearer = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '');
	return bearer?.[1] ?? query.get('access_token');
}

/** Answers a Graph call, refusals in Graph's form among them, and writes it into the log. */
export async function handleGraph(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	base: string
): Promise<void> {
	const started = performance.now();
	const log = (status: number, answer: Partial<GraphAnswer>, error: string | null, body: unknown): void =>
		world.log.add({
			direction: 'graph',
			method: request.method ?? 'GET',
			path: url.pathname,
			status,
			ms: Math.round((performance.now() - started) * 10) / 10,
			summary: answer.summary ?? '',
			attempt: 1,
			fault: null,
			error,
			request: answer.request ?? null,
			response: body
		});
	try {
		const outage = outageAt(world.faults(), world.clock.now());
		if (outage === 'down') throw new AnswerLost();
		if (outage === 'unavailable') throw documented(2);
		if (outage === 'slow')
			await new Promise<void>((resolve) =>
				world.clock.after(world.random.between('outage', world.delays.outage), resolve)
			);
		const answer = await route(world, request, url, base);
		if (outage === 'after_accept' && request.method === 'POST' && url.pathname.endsWith('/messages'))
			throw documented(131000);
		answerJson(response, 200, answer.body, { 'facebook-api-version': url.pathname.split('/')[1] ?? '' });
		log(200, answer, null, answer.body);
	} catch (error) {
		if (error instanceof AnswerLost) {
			request.socket.destroy();
			log(0, {}, 'the answer was lost on purpose', null);
			return;
		}
		const refusal = error instanceof BodyTooLarge ? documented(100, error.message) : error;
		if (!(refusal instanceof GraphError)) throw error;
		answerJson(response, refusal.status, refusal.body());
		request.resume();
		log(refusal.status, {}, refusal.message, refusal.body());
	}
}

async function route(world: World, request: IncomingMessage, url: URL, base: string): Promise<GraphAnswer> {
	const [version = '', id = '', edge, ...rest] = url.pathname.split('/').slice(1);
	if (!isVersion(version) || rest.length > 0 || id === '') throw unknownPath(url.pathname);
	const method = request.method ?? 'GET';
	const token = tokenOf(request, url.searchParams);
	const businesses = businessesOf(world.businesses(), token);
	if (token === null || businesses.length === 0) throw badToken(token);
	const call: GraphCall = { world, request, method, query: url.searchParams, businesses, token, base };
	if (id !== 'debug_token') refuseToken(world, token);
	const refuse = world.platform.management.refuse_code;
	if (refuse !== null && edge !== 'messages' && edge !== 'media') throw documented(refuse);
	if (id === 'debug_token' && edge === undefined && method === 'GET') return debugToken(call);
	return edge === undefined ? node(call, id) : underNode(call, id, edge, url.pathname);
}

/** The template an id names when it is one of the token's accounts'. */
function templateOf(call: GraphCall, id: string): Template | null {
	const template = call.world.templates.get(id);
	return call.businesses.some(({ waba_id }) => waba_id === template?.waba_id) ? template : null;
}

/** A token that was revoked, or has ended. */
function refuseToken(world: World, token: string): void {
	const { valid, expires_at } = world.platform.token(token);
	if (expires_at > 0 && expires_at * 1000 <= world.clock.now()) throw documented(190);
	if (!valid) throw badToken(token);
}

function node(call: GraphCall, id: string): GraphAnswer | Promise<GraphAnswer> {
	const number = call.businesses.find((business) => business.phone_number_id === id);
	const account = call.businesses.find((business) => business.waba_id === id);
	if (call.method === 'GET' && number) return getPhoneNumber(call, number);
	if (call.method === 'GET' && account) return getAccount(account);
	const template = templateOf(call, id);
	if (template && call.method === 'GET') return getTemplate(call, template);
	if (template && call.method === 'POST') return editTemplate(call, template);
	if (call.method === 'POST' && id.startsWith('upload:')) return takeUpload(call, id);
	if (call.method === 'GET') return getMedia(call, mediaOf(call, id));
	if (call.method === 'DELETE' && !number && !account) return deleteMedia(call, mediaOf(call, id));
	throw unknownObject(call.method, id);
}

async function underNode(call: GraphCall, id: string, edge: string, path: string): Promise<GraphAnswer> {
	const number = call.businesses.find((business) => business.phone_number_id === id);
	if (edge === 'messages' || edge === 'media') {
		if (!number || call.method !== 'POST') throw unknownObject(call.method, id);
		return edge === 'messages' ? postMessages(call, number) : uploadMedia(call, number);
	}
	if (edge === 'message_templates') return messageTemplates(call, id);
	if (edge === 'uploads' && id === APP.id && call.method === 'POST') return openUpload(call);
	if (edge === 'register' && number && call.method === 'POST') return register(call, number);
	if (edge === 'phone_numbers' && call.method === 'GET') return listPhoneNumbers(call, id);
	if (edge === 'subscribed_apps' && ['GET', 'POST', 'DELETE'].includes(call.method)) return subscribedApps(call, id);
	throw unknownPath(path);
}
