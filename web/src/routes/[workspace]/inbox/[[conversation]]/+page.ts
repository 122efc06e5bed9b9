import type { PageLoad } from './$types';

/**
 * What draws a thread is fetched before the first paint only where one is open; behind the list otherwise, which keeps
 * the composer and the bubbles out of the inbox's first load. Read without being tracked, as on the server.
 */
export const load: PageLoad = async ({ data, params, untrack }) => ({
	...data,
	threadPane: untrack(() => params.conversation) ? (await import('#lib/inbox/ThreadPane.svelte')).default : null
});
