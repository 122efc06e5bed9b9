/**
 * Headers every answer carries. Kit writes the content security policy itself, because its nonces are made per page.
 */
export function securityHeaders(url: URL): [name: string, value: string][] {
	const always: [string, string][] = [
		['x-content-type-options', 'nosniff'],
		['x-frame-options', 'DENY'],
		['referrer-policy', 'strict-origin-when-cross-origin'],
		['permissions-policy', 'camera=(self), geolocation=(self), microphone=(self), payment=()'],
		['cross-origin-opener-policy', 'same-origin']
	];
	return url.protocol === 'https:' ? [...always, ['strict-transport-security', 'max-age=31536000']] : always;
}

/**
 * Lets pages talk to one API over http and its websocket, and show the images, videos and sounds it keeps; the address
 * is only known when the server runs.
 */
export function allowApi(policy: string, api: string): string {
	const { origin } = new URL(api);
	return policy
		.replace(/connect-src 'self'/, `connect-src 'self' ${origin} ${origin.replace(/^http/, 'ws')}`)
		.replace(/(img|media)-src 'self'/g, `$1-src 'self' ${origin}`);
}
