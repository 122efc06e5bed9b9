import type { AuthSettings } from './context.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Where a link may lead: the address asked for when it is on the site itself or on the allow list, else the site's front
 * page. An open redirect would hand the tokens in its fragment to a stranger.
 */
export function safeRedirect(wanted: string | null, settings: AuthSettings): string {
	if (!wanted || !URL.canParse(wanted)) return settings.siteUrl;
	const url = new URL(wanted);
	if (url.username || url.password) return settings.siteUrl;
	if (sameSite(url, new URL(settings.siteUrl))) return url.href;
	return settings.redirectUrls.some((pattern) => globToRegExp(pattern).test(url.href)) ? url.href : settings.siteUrl;
}

/** The same origin; the names of this machine count as one. */
function sameSite(url: URL, site: URL): boolean {
	if (url.protocol !== site.protocol || url.port !== site.port) return false;
	return url.hostname === site.hostname || (LOOPBACK.has(url.hostname) && LOOPBACK.has(site.hostname));
}

/** `*` within a path segment, `**` across, `?` one character: as in the redirect list of a Supabase project. */
function globToRegExp(glob: string): RegExp {
	const source = glob.replace(/\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
		if (token === '**') return '.*';
		if (token === '*') return '[^./]*';
		if (token === '?') return '[^./]';
		return `\\${token}`;
	});
	return new RegExp(`^${source}$`);
}

/** Adds parameters behind `#`, where they stay in the browser. */
export function withFragment(url: string, values: Record<string, string>): string {
	return `${url.split('#')[0]}#${new URLSearchParams(values)}`;
}

/** Adds parameters to the query, where the server sees them. */
export function withQuery(url: string, values: Record<string, string>): string {
	const target = new URL(url);
	for (const [name, value] of Object.entries(values)) target.searchParams.set(name, value);
	return target.href;
}
