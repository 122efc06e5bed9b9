import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(import.meta.dirname, '..', '..', 'page');

/** The product's typeface where its package is installed; without it the page takes the system's. */
function typeface(): string {
	try {
		return fileURLToPath(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'));
	} catch {
		return join(folder, 'inter.woff2');
	}
}

const types: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.woff2': 'font/woff2'
};

/** Nothing from elsewhere, nothing inline. Pictures a customer picks are shown from memory (`blob:`). */
const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"font-src 'self'",
	"img-src 'self' blob:",
	"media-src 'self' blob:",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'self'"
].join('; ');

/** Serves a file of the phone page; false when there is none of that name. */
export async function servePage(response: ServerResponse, pathname: string): Promise<boolean> {
	const name = pathname === '/' ? 'index.html' : pathname.slice(1);
	const type = types[extname(name)];
	if (!type || !/^[a-z0-9_]+(\/[a-z0-9_]+)?\.[a-z0-9]+$/.test(name)) return false;
	let bytes: Buffer;
	try {
		bytes = await readFile(name === 'inter.woff2' ? typeface() : join(folder, name));
	} catch {
		return false;
	}
	response.writeHead(200, {
		'content-type': type,
		'content-length': bytes.length,
		'content-security-policy': policy,
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		'cache-control': 'no-cache'
	});
	response.end(bytes);
	return true;
}
