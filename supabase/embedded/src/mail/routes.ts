import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mailbox } from './mailbox.ts';
import { listPage, mailPage, notFoundPage, STYLE_HASH } from './pages.ts';

/** The page may load nothing but its own style; a mail's HTML sits in a frame that may neither run nor load anything. */
const PAGE_POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
const FRAME_POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`;

/** The mailbox over HTTP: a page for people, `/api/messages` for tests. */
export async function answer(mailbox: Mailbox, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const url = new URL(request.url ?? '/', 'http://mailbox');
	const method = request.method === 'HEAD' ? 'GET' : request.method;
	response.setHeader('x-content-type-options', 'nosniff');
	// Not 'no-referrer': browsers then send the origin of the page's own form as null.
	response.setHeader('referrer-policy', 'same-origin');
	response.setHeader('cache-control', 'no-store');
	// A page of another site must not read the links in these mails, not even under a name that leads to this machine.
	if (!isLoopback(request.headers.host))
		return send(response, 403, 'text/plain', 'This mailbox answers on this machine only.');

	if (url.pathname === '/api/messages') {
		if (method === 'GET') return sendJson(response, 200, mailbox.list(url.searchParams.get('to') ?? undefined));
		if (method === 'DELETE') {
			await mailbox.clear();
			return send(response, 204);
		}
		return send(response, 405, 'text/plain', 'Method not allowed');
	}
	if (method === 'POST' && url.pathname === '/clear') {
		if (!sameOrigin(request)) return send(response, 403, 'text/plain', 'Not from this page');
		await mailbox.clear();
		response.setHeader('location', '/');
		return send(response, 303);
	}
	if (method !== 'GET') return send(response, 405, 'text/plain', 'Method not allowed');
	if (url.pathname === '/') return sendPage(response, 200, listPage(mailbox.list()));

	const [, prefix, id = '', view] = /^\/(api\/messages|messages)\/([\w-]+)(\/html)?$/.exec(url.pathname) ?? [];
	const mail = mailbox.find(id);
	if (prefix === 'api/messages' && !view)
		return mail ? sendJson(response, 200, mail) : sendJson(response, 404, { error: 'not found' });
	if (prefix !== 'messages' || !mail) return sendPage(response, 404, notFoundPage());
	if (!view) return sendPage(response, 200, mailPage(mail));
	response.setHeader('content-security-policy', FRAME_POLICY);
	return send(response, 200, 'text/html; charset=utf-8', mail.html);
}

function isLoopback(host: string | undefined): boolean {
	return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
}

function sameOrigin(request: IncomingMessage): boolean {
	return request.headers.origin === undefined || request.headers.origin === `http://${request.headers.host}`;
}

function sendPage(response: ServerResponse, status: number, html: string): void {
	response.setHeader('content-security-policy', PAGE_POLICY);
	send(response, status, 'text/html; charset=utf-8', html);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	send(response, status, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type?: string, body?: string): void {
	response.statusCode = status;
	if (type) response.setHeader('content-type', type);
	response.end(body);
}
