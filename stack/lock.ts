import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs `work` while no other process of this machine runs work under the same file. A lock whose holder is gone is
 * taken over.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
	fs.mkdirSync(path.dirname(file), { recursive: true });
	while (!take(file)) await wait(100);
	try {
		return await work();
	} finally {
		fs.rmSync(file, { force: true });
	}
}

function take(file: string): boolean {
	try {
		fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		if (holderGone(file)) fs.rmSync(file, { force: true });
		return false;
	}
}

function holderGone(file: string): boolean {
	try {
		const pid = Number(fs.readFileSync(file, 'utf8'));
		// Written in two steps: an empty file is a lock being taken.
		if (pid > 0) process.kill(pid, 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
}
