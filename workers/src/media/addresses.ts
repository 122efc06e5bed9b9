/** Where Meta keeps files: addresses that a media id or a webhook gives lie here. */
const META_HOSTS = ['fbsbx.com', 'fbcdn.net', 'whatsapp.net'];
/** Hosts of Meta's that answer to the channel's token. The others are plain shelves, and it is none of their business. */
const TOKEN_HOSTS = ['lookaside.fbsbx.com'];

/**
 * Whether the worker may open an address that it was told from outside: one of Meta's, or the Graph API we are set up
 * with. Anything else could be a door into our own network.
 */
export function mayOpen(url: URL, graph: URL): boolean {
	if (url.username !== '' || url.password !== '') return false;
	if (url.origin === graph.origin) return true;
	return url.protocol === 'https:' && url.port === '' && META_HOSTS.some((host) => isWithin(url.hostname, host));
}

/** Whether the channel's token goes along. */
export function maySeeToken(url: URL, graph: URL): boolean {
	return url.origin === graph.origin || (url.protocol === 'https:' && TOKEN_HOSTS.includes(url.hostname));
}

function isWithin(hostname: string, host: string): boolean {
	return hostname === host || hostname.endsWith(`.${host}`);
}
