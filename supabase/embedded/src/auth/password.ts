import { timingSafeEqual } from 'node:crypto';
import type { Db } from './database.ts';
import { AuthError, badRequest } from './errors.ts';

/** bcrypt reads no further, so a longer password would promise more than it keeps. */
const MAX_BYTES = 72;
const COST = 10;
const BCRYPT = /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/;
/** What an unknown user's password is compared with, so that the answer takes as long as for a known one. */
const NOBODY = '$2a$10$7EqJtq98hPqEX7fNZaFWoOa5g1Lr9k1v4p6bKpQ3xqg1t1K5q5z4a';

/** Refuses what GoTrue refuses by `minimum_password_length` alone: shorter than that, longer than bcrypt reads. */
export function checkStrength(password: string, minimum: number): void {
	if (password.length < minimum) {
		throw new AuthError(422, 'weak_password', `Password should be at least ${minimum} characters.`, {
			weak_password: { reasons: ['length'] }
		});
	}
	if (Buffer.byteLength(password) > MAX_BYTES) {
		throw badRequest('validation_failed', `Password cannot be longer than ${MAX_BYTES} characters`);
	}
	if (password.includes('\0')) throw badRequest('validation_failed', 'Password cannot hold a NUL character');
}

export async function hashPassword(db: Db, password: string): Promise<string> {
	const [row] = await db<[{ hash: string }]>`
		select extensions.crypt(${password}, extensions.gen_salt('bf', ${COST}::integer)) as hash`;
	return row.hash;
}

/** Whether a hash made elsewhere can be kept: bcrypt in any of its spellings. */
export const isPasswordHash = (hash: string) => BCRYPT.test(hash);

/** Whether the password is the one behind the hash. Always does one bcrypt, so a missing hash is not told by the clock. */
export async function verifyPassword(db: Db, hash: string | null | undefined, password: string): Promise<boolean> {
	const known = hash && BCRYPT.test(hash) ? hash.replace(/^\$2[bxy]\$/, '$2a$') : null;
	const storable = password.replaceAll('\0', '\ufffd');
	const [row] = await db<[{ hash: string }]>`select extensions.crypt(${storable}, ${known ?? NOBODY}) as hash`;
	if (!known || storable !== password) return false;
	return timingSafeEqual(Buffer.from(row.hash), Buffer.from(known));
}
