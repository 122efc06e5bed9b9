import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createJwt } from './jwt.ts';

/** The four keys of a project: two legacy tokens, and the two short keys the gateway exchanges for them. */
export interface ApiKeys {
	anonKey: string;
	serviceRoleKey: string;
	publishableKey: string;
	secretKey: string;
}

const TEN_YEARS = 10 * 365 * 24 * 3600;

/**
 * The keys of the project in `dataDir`, made on the first call and kept in its keys.json (0600), so that a restart
 * changes no address book. With another `jwtSecret` the old tokens no longer hold and all keys are made anew.
 */
export async function loadKeys(dataDir: string, jwtSecret: string): Promise<ApiKeys> {
	const file = path.join(dataDir, 'keys.json');
	const kept = await readKeys(file);
	const jwt = createJwt(jwtSecret);
	if (
		kept &&
		(await jwt.verify(kept.anonKey).catch(() => null)) &&
		(await jwt.verify(kept.serviceRoleKey).catch(() => null))
	)
		return kept;

	const iat = Math.floor(Date.now() / 1000);
	const token = (role: string) => jwt.sign({ iss: 'supabase', ref: 'embedded', role, iat, exp: iat + TEN_YEARS });
	const random = (bytes: number) => randomBytes(bytes).toString('base64url');
	const keys: ApiKeys = {
		anonKey: await token('anon'),
		serviceRoleKey: await token('service_role'),
		publishableKey: `sb_publishable_${random(16)}_${random(6)}`,
		secretKey: `sb_secret_${random(16)}_${random(6)}`
	};
	await writeFile(file, JSON.stringify(keys, null, 2) + '\n', { mode: 0o600 });
	return keys;
}

async function readKeys(file: string): Promise<ApiKeys | undefined> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as ApiKeys;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw new Error(`${file} can't be read as keys: ${(error as Error).message}`);
	}
}
