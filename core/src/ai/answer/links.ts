/*
 * Links in what a model says. A customer or a document can plant one, and have a model send it on with what it knows
 * written into it; so a link is sent only where the company vouches for it: its site is named in the agent's settings, or
 * the company itself (its people, its bots, a system that it connected) said this very link in the conversation.
 */

export interface Vouched {
	/** What the tenant wrote of its agent: every site that is named in it may be sent. */
	settings: readonly string[];
	/** What the company and its systems said: links in it may be said again as they are. */
	said: readonly string[];
}

const ENDINGS =
	'com|net|org|br|io|app|dev|me|co|ai|info|biz|link|site|xyz|online|shop|store|tech|cloud|page|web|test|example|ly|gl|gg|to|tv|cc|ru|cn|uk|us|pt|es|ar|mx|eu|de|fr|it|tk|ml|ga|cf|top|click|live|pro|zip|mov';
/** With a scheme, or without: messengers make links of bare names too. Not the half of an e-mail address. */
const LINK = new RegExp(
	`(?<![\\p{L}\\p{N}@._-])(?:(?:[a-z][a-z0-9+.-]{1,20}:)?//|www\\.)[^\\s<>"'\`]+|(?<![\\p{L}\\p{N}@._-])(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}(?:${ENDINGS})(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])(?:[:/?#][^\\s<>"'\`]*)?`,
	'giu'
);
/** `![text](address)`, `[text](address)`, and an address in angles. */
const MARKED = /(!?)\[([^\]\n]{0,300})\]\(\s*<?([^)\s>]{1,2000})>?[^)\n]{0,300}\)/g;
/** What is told of a link, not part of it. */
const TRAILING = /[.,;:!?)\]}»”"'…*_~]+$/u;

/** A model's words with the links alone that the company vouches for; a picture is never fetched from anywhere. */
export function vouchedLinks(text: string, { settings, said }: Vouched): string {
	const hosts = new Set(settings.flatMap((one) => linksIn(one).map(hostOf)));
	const known = new Set(said.flatMap(linksIn).map(addressOf));
	const vouched = (link: string) => known.has(addressOf(link)) || isOf(hosts, hostOf(link));
	const plain = text.replace(MARKED, (_, picture: string, words: string, address: string) =>
		picture === '' && vouched(address) ? `${words} ${address}` : words
	);
	let took = plain !== text;
	const kept = plain.replace(LINK, (written) => {
		const link = written.replace(TRAILING, '');
		if (vouched(link)) return written;
		took = true;
		return written.slice(link.length);
	});
	// What a link leaves behind: blanks, and brackets around nothing.
	return took
		? kept
				.replace(/\(\s*\)|\[\s*\]|<\s*>/g, '')
				.replace(/[ \t]+([.,;:!?])/g, '$1')
				.replace(/[ \t]{2,}/g, ' ')
				.trim()
		: text;
}

const linksIn = (text: string): string[] =>
	[...text.normalize('NFKC').matchAll(LINK)].map(([written]) => written.replace(TRAILING, ''));

/** A link's address as it would be opened; one that can't be is its own words. */
function addressOf(link: string): string {
	try {
		return new URL(withScheme(link)).href;
	} catch {
		return link;
	}
}

/** Only what a browser opens as a page has a host that can be vouched for. */
function hostOf(link: string): string {
	try {
		const url = new URL(withScheme(link));
		return /^https?:$/.test(url.protocol) && url.username === '' ? url.hostname.replace(/^www\./, '') : '';
	} catch {
		return '';
	}
}

const withScheme = (link: string): string =>
	/^[a-z][a-z0-9+.-]*:/i.test(link) && !/^[^/]*\.[^/]*:\d/.test(link) ? link : `https://${link.replace(/^\/\//, '')}`;

/** The very site, or one beneath it. */
const isOf = (hosts: Set<string>, host: string): boolean =>
	host !== '' && [...hosts].some((one) => one !== '' && (host === one || host.endsWith(`.${one}`)));
