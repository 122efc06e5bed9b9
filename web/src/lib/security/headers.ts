/**
 * Headers every answer carries. Kit writes the content security policy itself, because its nonces are made per page.
 */
export function securityHeaders(url: URL): [name: string, value: string][] {
	const always: [string, string][] = [
		['x-content-type-options', 'nosniff'],
		['x-frame-options', 'DENY'],
		['referrer-policy', 'strict-origin-when-cross-origin'],
		['permissions-policy', 'camera=(), geolocation=(), microphone=(self), payment=()'],
		['cross-origin-opener-policy', 'same-origin']
	];
	return url.protocol === 'https:' ? [...always, ['strict-transport-security', 'max-age=31536000']] : always;
}

/** Lets pages talk to one API over http and its websocket; the address is only known when the server runs. */
export function allowConnections(policy: string, api: string): string {
	const { origin } = new URL(api);
	const sources = `${origin} ${origin.replace(/^http/, 'ws')}`;
	return policy.replace(/connect-src 'self'/, `connect-src 'self' ${sources}`);
}
