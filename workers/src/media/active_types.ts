/** Types that do something when they are opened, by what the bytes say, with the file names under which they are no pretence. */
export const HONEST_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
	'text/html': ['html', 'htm', 'xhtml', 'mht', 'mhtml'],
	'image/svg+xml': ['svg'],
	'text/x-script': ['sh', 'bash', 'py', 'rb', 'pl', 'php', 'js', 'txt'],
	'application/x-msdownload': ['exe', 'dll', 'scr', 'com', 'sys', 'msi', 'cpl', 'ocx'],
	'application/x-elf': ['elf', 'so', 'bin', 'run', 'appimage'],
	'application/x-mach-binary': ['dylib', 'bin', 'o'],
	'application/java-vm': ['class'],
	'application/java-archive': ['jar'],
	'application/vnd.android.package-archive': ['apk'],
	'application/wasm': ['wasm'],
	'application/x-shockwave-flash': ['swf'],
	'application/vnd.ms-htmlhelp': ['chm'],
	'application/x.ms.shortcut': ['lnk'],
	'application/x.apple.alias': ['alias']
};

/** Executables that the type library does not name. */
const MAGIC: readonly [type: string, bytes: number[]][] = [
	['application/x-mach-binary', [0xcf, 0xfa, 0xed, 0xfe]],
	['application/x-mach-binary', [0xce, 0xfa, 0xed, 0xfe]],
	['application/java-vm', [0xca, 0xfe, 0xba, 0xbe]]
];

/**
 * The type of a file that would run, or make a browser run something; null when it is none. `known` is what its magic
 * number says. A page is found wherever a browser would find it: behind blanks, comments and declarations.
 */
export function activeType(head: Buffer, known: string | null): string | null {
	if (known && HONEST_EXTENSIONS[known]) return known;
	const magic = MAGIC.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
	if (magic && (known === null || known.startsWith('application/x-'))) return magic[0];
	if (known !== null && known !== 'application/xml') return null;

	const text = decode(head).replace(/^\s+/, '').toLowerCase();
	if (text.startsWith('#!')) return 'text/x-script';
	const markup = text.replace(/^(?:<\?[^]*?\?>|<!--[^]*?-->|<!doctype svg[^>]*>|\s)+/, '');
	if (/^<svg[\s>]/.test(markup)) return 'image/svg+xml';
	if (
		/^<(?:!doctype html|html|head|body|script|iframe|style|title|meta|table|div|h1|a|p|br|b|img)[\s>/]/.test(markup)
	) {
		return 'text/html';
	}
	// XML is data (an invoice), unless it carries a page or a drawing inside.
	if (known === 'application/xml' && /<svg[\s>]/.test(text)) return 'image/svg+xml';
	return known === 'application/xml' && /<(?:\w+:)?(?:html|script)[\s>]/.test(text) ? 'text/html' : null;
}

/** UTF-16 is told by its mark; everything else reads as Latin 1, where markup is itself. */
function decode(head: Buffer): string {
	if (head[0] === 0xff && head[1] === 0xfe) return head.subarray(2).toString('utf16le');
	if (head[0] === 0xfe && head[1] === 0xff) {
		return Buffer.from(head.subarray(2, head.length - (head.length % 2)))
			.swap16()
			.toString('utf16le');
	}
	const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
	return head.subarray(mark).toString('latin1');
}
