import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { denoBinary } from './deno.ts';

const PAUSE = 150;

interface Graph {
	modules: { kind: string; local?: string }[];
}

/** The folders of everything these files import, packages aside; of the files alone while their code has a mistake. */
async function codeFolders(entrypoints: string[], cwd: string): Promise<Set<string>> {
	const folders = new Set(entrypoints.map((file) => path.dirname(file)));
	for (const file of entrypoints) {
		const flags = ['info', '--json', '--no-remote', '--no-lock', '--node-modules-dir=manual', file];
		const { stdout } = await promisify(execFile)(denoBinary(), flags, { cwd, maxBuffer: 64 << 20 }).catch(() => ({
			stdout: '{"modules":[]}'
		}));
		for (const { kind, local } of (JSON.parse(stdout) as Graph).modules)
			if (kind === 'esm' && local && !local.includes('node_modules')) folders.add(path.dirname(local));
	}
	return folders;
}

/** Calls back shortly after the last of a burst of changes to the code of the functions, and of what they import. */
export function watchCode(entrypoints: string[], cwd: string, changed: () => void): { close(): void } {
	const watchers = new Map<string, fs.FSWatcher>();
	let timer: NodeJS.Timeout | undefined;
	let closed = false;

	async function watchAll(): Promise<void> {
		for (const folder of await codeFolders(entrypoints, cwd)) {
			if (closed || watchers.has(folder) || !fs.existsSync(folder)) continue;
			watchers.set(
				folder,
				fs.watch(folder, { persistent: false }, (_event, file) => hear(file))
			);
		}
	}

	function hear(file: string | null): void {
		if (!file || !/\.(ts|js|mjs|json)$/.test(file)) return;
		clearTimeout(timer);
		timer = setTimeout(() => {
			changed();
			void watchAll(); // it may import more by now
		}, PAUSE);
	}

	void watchAll();
	return {
		close() {
			closed = true;
			clearTimeout(timer);
			for (const watcher of watchers.values()) watcher.close();
		}
	};
}
