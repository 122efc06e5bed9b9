import { sameToken, verifySignature } from '@prosa/core/whatsapp/signature.ts';
import { Overloaded } from './batcher.ts';
import { readBytes } from './body.ts';
import type { DoorSecrets } from './channel_secrets.ts';
import { deliveryOf, type Delivery } from './delivery.ts';
import type { Received } from './receive.ts';

export interface DoorNeeds {
	/** Our own Meta app's secrets. */
	own: DoorSecrets;
	/** A channel's own app's; null when there is no such channel. */
	secretsOf(channel: string): Promise<DoorSecrets | null>;
	/** Commits a delivery; rejects when it was not committed. */
	receive(delivery: Delivery): Promise<Received>;
}

/**
 * Answers Meta. GET: the verification handshake. POST: 200 once the webhook is committed, or kept raw; 401 without a
 * proper signature, and then nothing is stored; 503 while the database is away, so that Meta tries again.
 */
export function createDoor(needs: DoorNeeds): (request: Request) => Promise<Response> {
	return async (request) => {
		try {
			return await answer(needs, request);
		} catch (error) {
			if (!(error instanceof Overloaded)) console.error('webhook not taken, Meta will send it again:', error);
			return new Response('try again', { status: 503, headers: { 'retry-after': '5' } });
		}
	};
}

async function answer(needs: DoorNeeds, request: Request): Promise<Response> {
	if (request.method !== 'GET' && request.method !== 'POST') {
		return new Response('method not allowed', { status: 405, headers: { allow: 'GET, POST' } });
	}
	const url = new URL(request.url);
	const channel = channelIn(url.pathname);
	if (channel === undefined) return new Response('not found', { status: 404 });
	const secrets = channel === null ? needs.own : await needs.secretsOf(channel);
	if (secrets === null) return new Response('not found', { status: 404 });
	return request.method === 'GET' ? verification(url.searchParams, secrets) : webhook(needs, request, channel, secrets);
}

async function verification(query: URLSearchParams, { verify_token }: DoorSecrets): Promise<Response> {
	const token = query.get('hub.verify_token');
	const challenge = query.get('hub.challenge');
	const genuine =
		token !== null && verify_token !== null && verify_token !== '' && (await sameToken(token, verify_token));
	if (query.get('hub.mode') !== 'subscribe' || challenge === null || !genuine) {
		return new Response('forbidden', { status: 403 });
	}
	return new Response(challenge, { headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' } });
}

async function webhook(
	needs: DoorNeeds,
	request: Request,
	channel: string | null,
	{ app_secret }: DoorSecrets
): Promise<Response> {
	const bytes = await readBytes(request);
	if (bytes === null) return new Response('too large', { status: 413 });
	if (!(await verifySignature(app_secret ?? '', bytes, request.headers.get('x-hub-signature-256')))) {
		return new Response('signature missing or wrong', { status: 401 });
	}
	return Response.json(await needs.receive(deliveryOf(bytes, channel)));
}

/** null: our own app's door. A channel id: that channel's. undefined: no door at all. */
function channelIn(pathname: string): string | null | undefined {
	const [, rest] = /^(?:\/functions\/v1)?(?:\/whatsapp)?\/?(.*?)\/?$/.exec(pathname) ?? [];
	if (rest === '') return null;
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(rest ?? '')?.[0].toLowerCase();
}
