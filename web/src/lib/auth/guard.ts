/** Pages for people who aren't signed in. `/session` answers 401 by itself, which its caller understands. */
const openPaths = [
	'/sign-in',
	'/sign-up',
	'/new',
	'/forgot-password',
	'/reset-password',
	'/join',
	'/session',
	'/unsubscribe',
	'/healthz'
];

/** Whether a path may be seen by someone who isn't signed in. */
export function isOpen(pathname: string): boolean {
	return openPaths.some((path) => pathname === path || pathname.startsWith(`${path}/`));
}

/** Where a visitor is sent, remembering where they wanted to go; `notice` says why they are there. */
export function signInPath(url: URL, notice?: 'expired'): string {
	const wanted = url.pathname + url.search;
	const params = new URLSearchParams();
	if (wanted !== '/') params.set('next', wanted);
	if (notice) params.set('notice', notice);
	return params.size > 0 ? `/sign-in?${params}` : '/sign-in';
}

/** Where to go after signing in: a path of our own, never another site's address. */
export function nextPath(url: URL): string {
	const next = URL.parse(url.searchParams.get('next') ?? '/', url);
	return next?.origin === url.origin ? next.pathname + next.search : '/';
}
