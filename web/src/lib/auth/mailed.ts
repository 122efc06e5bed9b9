/** What a mailed link brings in the address's fragment, which no server ever sees. */
export type Mailed =
	{ type: 'tokens'; accessToken: string; refreshToken: string; invited: boolean } | { type: 'expired' };

/** Reads a recovery or invitation link's fragment; null when there is nothing of the kind. */
export function readMailed(hash: string): Mailed | null {
	const params = new URLSearchParams(hash.replace(/^#/, ''));
	if (params.has('error_code') || params.has('error')) return { type: 'expired' };
	const accessToken = params.get('access_token');
	const refreshToken = params.get('refresh_token');
	if (!accessToken || !refreshToken) return null;
	return {
		type: 'tokens',
		accessToken,
		refreshToken,
		invited: ['invite', 'signup'].includes(params.get('type') ?? '')
	};
}

/** Whether a mailed link landed on another page than those that read it. */
export function isMailedElsewhere(location: { pathname: string; hash: string }): boolean {
	const reads = ['/reset-password', '/new'].includes(location.pathname) || location.pathname.startsWith('/join/');
	return !reads && readMailed(location.hash) !== null;
}
