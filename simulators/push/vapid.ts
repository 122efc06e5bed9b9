import { createPublicKey, verify } from 'node:crypto';

const DAY_SECONDS = 24 * 60 * 60;

/** Checks who pushes (RFC 8292): the token is signed with the key it names, is for this service, and ends within a day. Answers the key; throws what is wrong. */
export function checkVapid(authorization: string | undefined, origin: string, now = Date.now()): string {
	const parts = /^vapid t=([^,\s]+),\s*k=([\w-]+)$/.exec(authorization ?? '');
	const [token, key] = [parts?.[1], parts?.[2]];
	if (!token || !key) throw new Error('there is no vapid authorization');
	const [header, claims, signature] = token.split('.');
	if (!header || !claims || !signature) throw new Error('the token is no JWT');
	const point = Buffer.from(key, 'base64url');
	if (point.length !== 65 || point[0] !== 4) throw new Error('the key is no uncompressed point');
	const publicKey = createPublicKey({
		format: 'jwk',
		key: {
			kty: 'EC',
			crv: 'P-256',
			x: point.subarray(1, 33).toString('base64url'),
			y: point.subarray(33).toString('base64url')
		}
	});
	const signed = Buffer.from(`${header}.${claims}`);
	const good = verify(
		'sha256',
		signed,
		{ key: publicKey, dsaEncoding: 'ieee-p1363' },
		Buffer.from(signature, 'base64url')
	);
	if (!good) throw new Error('the signature does not fit the key');
	const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: unknown };
	if (alg !== 'ES256') throw new Error(`the token is signed with ${String(alg)}`);
	const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
	if (aud !== origin) throw new Error(`the token is for ${String(aud)}, not for ${origin}`);
	if (typeof exp !== 'number' || exp * 1_000 <= now) throw new Error('the token has ended');
	if (exp * 1_000 > now + DAY_SECONDS * 1_000) throw new Error('the token holds for longer than a day');
	if (typeof sub !== 'string' || !/^(mailto:|https:)/.test(sub)) throw new Error('the token names nobody to ask');
	return key;
}
