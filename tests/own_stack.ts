import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackFacts } from '../stack/facts.ts';

const ROOT = path.join(import.meta.dirname, '..');

export interface OwnStack {
	facts: StackFacts;
	stop(): Promise<void>;
}

/**
 * Starts the whole stack as `npm start` does, on ports and a data folder of its own, and gives its facts. What is measured is
 * what a person would run.
 */
export async function startOwnStack(offset = 5_000): Promise<OwnStack> {
	const dataDir = mkdtempSync(path.join(os.tmpdir(), 'prosa-stack-'));
	// Started by root, Postgres runs as another user, who has to pass through here.
	chmodSync(dataDir, 0o711);
	const child = spawn(process.execPath, [path.join(ROOT, 'stack/start.ts')], {
		cwd: ROOT,
		env: { ...process.env, PORT_OFFSET: String(offset), DATA_DIR: dataDir },
		stdio: ['ignore', 'ignore', 'inherit']
	});
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const stop = async () => {
		child.kill('SIGTERM');
		await exited;
		rmSync(dataDir, { recursive: true, force: true });
	};

	const deadline = Date.now() + 300_000;
	while (Date.now() < deadline && child.exitCode === null) {
		try {
			const facts = JSON.parse(readFileSync(path.join(dataDir, 'stack.json'), 'utf8')) as StackFacts;
			return { facts, stop };
		} catch {
			await sleep(100);
		}
	}
	await stop();
	throw new Error('The stack did not come up; its own sentence above says why.');
}
