import { z } from 'zod';

/** An installation's address: where secrets are sent, so nothing in it may lead elsewhere. */
export const Address = z
	.string()
	.trim()
	.max(500)
	.refine((text) => {
		const url = URL.parse(text);
		return (
			url !== null &&
			/^https?:$/.test(url.protocol) &&
			url.username + url.password + url.search + url.hash === '' &&
			!/[?#\\\s]/.test(text)
		);
	}, 'address_invalid');

/**
 * A path under a base address; null where it would leave it. Dots that climb are refused, however they are written:
 * what a customer writes may stand in a path.
 */
export function under(base: string, path: string): URL | null {
	const [route = ''] = path.split(/[?#]/);
	if (!path.startsWith('/') || /[\\\s]/.test(path) || climbs(route)) return null;
	const root = URL.parse(base);
	const url = URL.parse(base.replace(/\/+$/, '') + path);
	return root && url && url.origin === root.origin ? url : null;
}

/** Whether a path has a member that means the folder above, or the same. */
export const climbs = (path: string): boolean => /(^|\/)(\.|%2e){1,2}(?=\/|$)/i.test(path);
