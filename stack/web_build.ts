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
	buildsDir: string;
	logFile: string;
	say: (sentence: string) => void;
	/** Ends a build that is no longer wanted. */
	signal: AbortSignal;
}

/** The folder of a build of just these sources, built unless it is there. Two starts don't build at once. */
export async function buildWeb(options: WebBuildOptions): Promise<string> {
	const wanted = folderOf(options.buildsDir, hashSources(root));
	if (fs.existsSync(wanted)) return wanted;
	return withLock(path.join(root, 'web/.svelte-kit/build.lock'), async () => {
		// Of the moment the build begins: what changes meanwhile is the next build's.
		const folder = folderOf(options.buildsDir, hashSources(root));
		if (fs.existsSync(folder)) return folder;
		options.say('Building the web application; later starts skip this.');
		const unfinished = `${folder}.unfinished`;
		await runVite(options, unfinished);
		fs.renameSync(unfinished, folder);
		forgetOld(options.buildsDir, folder);
		return folder;
	});
}

const folderOf = (buildsDir: string, hash: string) => path.join(buildsDir, hash.slice(0, 16));

/** A stack may still serve an older build, seldom more than the last few. */
const KEPT = 4;

/** Removes all builds but the newest few, and what broken builds left behind. */
export function forgetOld(buildsDir: string, newest: string): void {
	const old = fs
		.readdirSync(buildsDir)
		.map((name) => path.join(buildsDir, name))
		.filter((folder) => folder !== newest)
		.sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs);
	const finished = old.filter((folder) => !folder.endsWith('.unfinished'));
	const gone = [...finished.slice(KEPT - 1), ...old.filter((folder) => folder.endsWith('.unfinished'))];
	for (const folder of gone) fs.rmSync(folder, { recursive: true, force: true });
}

async function runVite({ logFile, signal }: WebBuildOptions, folder: string): Promise<void> {
	const vite = path.join(root, 'node_modules/vite/bin/vite.js');
	const env = { ...process.env, NODE_ENV: 'production', BUILD_DIR: folder };
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
