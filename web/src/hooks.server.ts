import { error, redirect } from '@sveltejs/kit';
import { sequence, type Handle } from '@sveltejs/kit/hooks';
import { SUPABASE_URL } from '$app/env/public';
import { isOpen, signInPath } from '#lib/auth/guard.ts';
import { requestClient } from '#lib/auth/server.ts';
import { whoAsks } from '#lib/auth/who.ts';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { allowApi, securityHeaders } from '#lib/security/headers.ts';
import { parseTheme, themeCookie } from '#lib/theme/theme.ts';

const language: Handle = ({ event, resolve }) =>
	paraglideMiddleware(event.request, ({ locale }) => {
		const theme = parseTheme(event.cookies.get(themeCookie));
		return resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', locale).replace('%theme%', theme)
		});
	});

/** Kit refuses foreign form posts; this refuses every other foreign request that would change something. */
const origin: Handle = ({ event, resolve }) => {
	const { method, headers } = event.request;
	const from = headers.get('origin');
	if (!['GET', 'HEAD', 'OPTIONS'].includes(method) && from !== null && from !== event.url.origin) {
		return new Response('Cross-site request', { status: 403 });
	}
	return resolve(event);
};

const headers: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	for (const [name, value] of securityHeaders(event.url)) response.headers.set(name, value);
	const policy = response.headers.get('content-security-policy');
	if (policy) response.headers.set('content-security-policy', allowApi(policy, SUPABASE_URL));
	// What is drawn for one person is not for a shared cache.
	if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache');
	return response;
};

const session: Handle = async ({ event, resolve }) => {
	event.locals.person = null;
	if (event.url.pathname === '/healthz') return resolve(event);
	event.locals.supabase = requestClient(event);
	const person = await whoAsks(event.locals.supabase);
	if (person === 'away') error(503, { message: 'auth_unreachable' });
	event.locals.person = person;
	return resolve(event);
};

const guard: Handle = ({ event, resolve }) => {
	if (!event.locals.person && !isOpen(event.url.pathname)) redirect(303, signInPath(event.url));
	return resolve(event);
};

export const handle = sequence(language, headers, origin, session, guard);
