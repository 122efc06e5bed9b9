import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PREFIX = 'prosa-media-';
/** Longer than any file takes to be fetched or sent. */
const LEFT_BEHIND_MS = 60 * 60 * 1000;

/** Runs work with a folder of its own on disk, so that no file has to fit into memory. It is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(path.join(tmpdir(), PREFIX));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Removes what workers that were killed have left behind. */
export async function sweepFolders(): Promise<void> {
	for (const name of await readdir(tmpdir())) {
		if (!name.startsWith(PREFIX)) continue;
		const folder = path.join(tmpdir(), name);
		const about = await stat(folder).catch(() => null);
		if (about && Date.now() - about.mtimeMs > LEFT_BEHIND_MS) await rm(folder, { recursive: true, force: true });
	}
}
