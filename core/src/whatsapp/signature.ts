const encoder = new TextEncoder();
const keys = new Map<string, Promise<CryptoKey>>();

/**
 * Whether `header` (X-Hub-Signature-256: `sha256=<hex>`) is the HMAC-SHA256 of the raw body under the app secret.
 * WebCrypto's verify compares in constant time. False for a missing or malformed header; never throws.
 */
export async function verifySignature(
	secret: string,
	body: Uint8Array<ArrayBuffer>,
	header: string | null
): Promise<boolean> {
	const hex = /^sha256=([0-9a-f]{64})$/i.exec(header?.trim() ?? '')?.[1];
	if (hex === undefined || secret === '') return false;
	return crypto.subtle.verify('HMAC', await keyOf(secret), bytesOf(hex), body);
}

/** The header Meta would send for this body; for the simulator and for tests. */
export async function sign(secret: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
	const mac = await crypto.subtle.sign('HMAC', await keyOf(secret), body);
	return `sha256=${hexOf(new Uint8Array(mac))}`;
}

/** Whether two tokens are equal, in a time that tells nothing of where they differ: both are hashed first. */
export async function sameToken(one: string, other: string): Promise<boolean> {
	const [left, right] = await Promise.all(
		[one, other].map((token) => crypto.subtle.digest('SHA-256', encoder.encode(token)))
	);
	const a = new Uint8Array(left as ArrayBuffer);
	const b = new Uint8Array(right as ArrayBuffer);
	let difference = 0;
	for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
	return difference === 0;
}

/** Lower-case hexadecimal. */
export function hexOf(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(hex.length / 2);
	for (let index = 0; index < bytes.length; index++)
		bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
	return bytes;
}

/** Importing a key costs as much as signing a message: kept, for the few secrets a process sees. */
function keyOf(secret: string): Promise<CryptoKey> {
	let key = keys.get(secret);
	if (!key) {
		if (keys.size >= 1000) keys.clear();
		const algorithm = { name: 'HMAC', hash: 'SHA-256' };
		key = crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign', 'verify']);
		keys.set(secret, key);
	}
	return key;
}
