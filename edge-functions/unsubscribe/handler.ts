/** Stops the mails of whoever the token belongs to. Answers whether it was anybody's. */
export type Unsubscribe = (token: string) => Promise<boolean>;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Where the `List-Unsubscribe` of our mails leads (RFC 8058). A mail program posts here, without a person; a person who
 * follows the address comes to a page that asks them first, for programs that look for harm follow links too.
 */
export function createHandler(unsubscribe: Unsubscribe, webUrl: string | null) {
	return async (request: Request): Promise<Response> => {
		const token = new URL(request.url).searchParams.get('token') ?? '';
		await request.body?.cancel();
		if (request.method === 'GET' || request.method === 'HEAD') {
			if (webUrl === null) return new Response('Not here', { status: 404 });
			const page = new URL('/unsubscribe', webUrl);
			page.searchParams.set('token', token);
			return new Response(null, { status: 303, headers: { location: page.href } });
		}
		if (request.method !== 'POST')
			return new Response('Method not allowed', { status: 405, headers: { allow: 'GET, POST' } });
		try {
			const known = GUID.test(token) && (await unsubscribe(token));
			return known ? new Response('ok') : new Response('Unknown token', { status: 404 });
		} catch (problem) {
			console.error('unsubscribe:', problem instanceof Error ? problem.message : problem);
			return new Response('Try again later', { status: 503 });
		}
	};
}
