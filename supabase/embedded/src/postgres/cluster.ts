import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SERVER_ENV, type Account } from './binaries.ts';

export const MAJOR_VERSION = '17';

/** `C.UTF-8` lower-cases "Ã" for full-text search, which plain `C` does not; macOS only knows it by another name. */
const LOCALE = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

/**
 * Makes `dataDir` a data folder of Postgres unless it is one. Throws one clear sentence when the folder can't be used:
 * read-only, out of the server user's reach, another version's, or something else's.
 */
export function prepareCluster(bin: string, dataDir: string, password: string, account: Account | undefined): void {
	const version = readVersion(dataDir);
	if (version !== undefined && version !== MAJOR_VERSION) {
		throw new Error(
			`${dataDir} belongs to Postgres ${version}, and this is Postgres ${MAJOR_VERSION}: move the folder away or dump it with version ${version}.`
		);
	}
	if (version === undefined) createCluster(bin, dataDir, password, account);
	else if (account) checkReach(dataDir, account);
}

function createCluster(bin: string, dataDir: string, password: string, account: Account | undefined): void {
	if (fs.existsSync(dataDir) && fs.readdirSync(dataDir).length > 0) {
		throw new Error(`${dataDir} holds other files and no Postgres data: choose an empty folder.`);
	}
	// Made beside its place and moved there when whole: a kill in between leaves nothing half-made. Not synced: a power
	// cut within the first seconds loses an empty database, and waiting for the disk would double the first start.
	const draft = `${dataDir}.new-${process.pid}`;
	const secret = `${draft}.password`;
	try {
		fs.mkdirSync(draft, { recursive: true, mode: 0o700 });
		fs.writeFileSync(secret, `${password}\n`, { mode: 0o600 });
	} catch (error) {
		throw explainFolder(dataDir, error);
	}
	try {
		if (account) {
			for (const file of [draft, secret]) fs.chownSync(file, account.uid, account.gid);
			checkReach(draft, account);
			checkReach(bin, account);
		}
		const result = spawnSync(
			path.join(bin, 'initdb'),
			[
				...['-D', draft, '-U', 'supabase_admin', '-A', 'scram-sha-256', '--pwfile', secret, '-E', 'UTF8'],
				...[`--locale=${LOCALE}`, '--locale-provider=icu', '--icu-locale=und', '--data-checksums', '--no-sync']
			],
			{ ...account, env: SERVER_ENV, encoding: 'utf8' }
		);
		if (result.error) throw result.error;
		if (result.status !== 0) throw new Error(`Postgres could not make ${dataDir}: ${lastLine(result.stderr)}`);
		fs.rmSync(dataDir, { recursive: true, force: true });
		fs.renameSync(draft, dataDir);
	} finally {
		fs.rmSync(secret, { force: true });
		fs.rmSync(draft, { recursive: true, force: true });
	}
}

function readVersion(dataDir: string): string | undefined {
	try {
		return fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw explainFolder(dataDir, error);
	}
}

/** As root we see everything, the server's user doesn't: find the parent folder that would stop it. */
function checkReach(folder: string, { uid, gid }: Account): void {
	for (let parent = path.dirname(folder); ; parent = path.dirname(parent)) {
		const { mode, uid: owner, gid: group } = fs.statSync(parent);
		const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
		if (!(mode & bit)) {
			throw new Error(
				`Postgres can't run as root, and the user it runs as (uid ${uid}) may not enter ${parent}: chmod o+x ${parent}, or work in another folder.`
			);
		}
		if (parent === path.dirname(parent)) return;
	}
}

/** What is wrong with a folder, as one sentence. */
export function explainFolder(folder: string, error: unknown): Error {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === 'EROFS') return new Error(`${folder} lies on a read-only file system.`);
	if (code === 'EACCES' || code === 'EPERM') return new Error(`No permission to read or write ${folder}.`);
	if (code === 'ENOTDIR') return new Error(`${folder} is not a folder, or lies in something that isn't.`);
	if (code === 'ENOSPC') return new Error(`No space left for ${folder}.`);
	return new Error(`${folder} can't be used: ${message}`);
}

function lastLine(text: string): string {
	const lines = text.trim().split('\n');
	return lines.findLast((line) => line.startsWith('initdb: error')) ?? lines.at(-1) ?? '';
}
