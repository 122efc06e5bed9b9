import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { withLock } from './lock.ts';
import { root } from './paths.ts';

const SOURCES = ['web', 'core', 'package-lock.json'];
const MADE = new Set(['node_modules', 'build', 'paraglide', 'test-results']);
/** No part of a build: tests, prose, and what tools leave for themselves (.svelte-kit, inlang's .meta.json and README). */
const ASIDE = /^\.|\.md$|\.test\.ts$/;

/** One value for everything the web build is made of; another value means that the build is stale. */
export function hashSources(base: string, sources: string[] = SOURCES): string {
	const hash = createHash('sha256').update(`node ${process.versions.modules}\n`);
	for (const source of sources) {
		for (const file of filesUnder(path.join(base, source))) {
			hash
				.update(`${path.relative(base, file)}\n`)
				.update(fs.readFileSync(file))
				.update('\n');
		}
	}
	return hash.digest('hex');
}

function filesUnder(entry: string): string[] {
	if (!fs.existsSync(entry)) return [];
	if (!fs.statSync(entry).isDirectory()) return [entry];
	return fs
		.readdirSync(entry)
		.filter((name) => !MADE.has(name) && !ASIDE.test(name))
		.sort()
		.flatMap((name) => filesUnder(path.join(entry, name)));
}

export interface WebBuildOptions {
	buildDir: string;
	logFile: string;
	say: (sentence: string) => void;
	/** Ends a build that is no longer wanted. */
	signal: AbortSignal;
}

/** Builds the web application unless `buildDir` holds a build of just these sources. Two starts don't build at once. */
export async function buildWeb(options: WebBuildOptions): Promise<void> {
	if (isFresh(options.buildDir, hashSources(root))) return;
	await withLock(path.join(root, 'web/.svelte-kit/build.lock'), async () => {
		// Of the moment the build begins: what changes meanwhile makes it stale.
		const hash = hashSources(root);
		if (isFresh(options.buildDir, hash)) return;
		options.say('Building the web application; later starts skip this.');
		await runVite(options);
		fs.writeFileSync(hashFile(options.buildDir), hash);
	});
}

const hashFile = (buildDir: string) => path.join(buildDir, '.sources');

function isFresh(buildDir: string, hash: string): boolean {
	if (!fs.existsSync(path.join(buildDir, 'index.js')) || !fs.existsSync(hashFile(buildDir))) return false;
	return fs.readFileSync(hashFile(buildDir), 'utf8') === hash;
}

async function runVite({ logFile, signal }: WebBuildOptions): Promise<void> {
	const vite = path.join(root, 'node_modules/vite/bin/vite.js');
	const env = { ...process.env, NODE_ENV: 'production' };
	const options = { cwd: path.join(root, 'web'), env, maxBuffer: 2 ** 26, signal };
	try {
		const { stdout, stderr } = await promisify(execFile)(process.execPath, [vite, 'build'], options);
		fs.writeFileSync(logFile, `${stdout}\n${stderr}`);
	} catch (error) {
		const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
		fs.writeFileSync(logFile, `${stdout}\n${stderr}`);
		throw new Error(`The web application could not be built; see ${logFile}.\n${lastLines(stderr || message)}`);
	}
}

function lastLines(text: string): string {
	return text.trimEnd().split('\n').slice(-15).join('\n');
}
