/**
 * A device's address comes from a browser, so from anybody: only the push services that browsers use are called, and
 * those an installation names besides (`PUSH_SERVICES`, origins; the simulator's in tests).
 */
const KNOWN = [
	/^fcm\.googleapis\.com$/,
	/^(.+\.)?push\.services\.mozilla\.com$/,
	/^(.+\.)?push\.apple\.com$/,
	/^(.+\.)?notify\.windows\.com$/
];

/** Whether a push may be sent to an address. */
export function isPushService(endpoint: string, besides: readonly string[]): boolean {
	const url = URL.parse(endpoint);
	if (!url || url.username !== '' || url.password !== '') return false;
	if (besides.includes(url.origin)) return true;
	return url.protocol === 'https:' && url.port === '' && KNOWN.some((host) => host.test(url.hostname));
}
