import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PERIOD = 30;
const DIGITS = 6;

/** 160 random bits in base 32, the form authenticator apps read. */
export function createSecret(): string {
	let bits = '';
	for (const byte of randomBytes(20)) bits += byte.toString(2).padStart(8, '0');
	return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[parseInt(five, 2)]).join('');
}

/** The `otpauth:` address an authenticator app takes from the QR code. */
export function totpUri({ issuer, account, secret }: { issuer: string; account: string; secret: string }): string {
	const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
	const query = new URLSearchParams({
		algorithm: 'SHA1',
		digits: String(DIGITS),
		issuer,
		period: String(PERIOD),
		secret
	});
	return `otpauth://totp/${label}?${query}`;
}

/** The code of RFC 6238 (SHA-1, 30 seconds, six digits) at a moment in seconds. */
export function totpCode(secret: string, seconds: number): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(seconds / PERIOD)));
	const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
	const offset = (digest.at(-1) ?? 0) & 15;
	return String((digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** Whether the code is today's, give or take one period for clocks that differ. */
export function totpMatches(secret: string, code: string, seconds = Date.now() / 1000): boolean {
	if (!/^\d{6}$/.test(code)) return false;
	return [-PERIOD, 0, PERIOD]
		.map((shift) => timingSafeEqual(Buffer.from(totpCode(secret, seconds + shift)), Buffer.from(code)))
		.includes(true);
}

function decodeBase32(text: string): Buffer {
	const bits = [...text].map((character) => ALPHABET.indexOf(character).toString(2).padStart(5, '0')).join('');
	return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
